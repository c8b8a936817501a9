// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {
    Admission,
    Participant,
    ParticipantKinds,
    ParticipantStatus,
    Recovery
} from "../types/Participant.sol";

/// @title Who may hold and act. See IParticipantRegistry.
contract ParticipantRegistry is IParticipantRegistry, AccessManaged, EIP712 {
    bytes32 private constant RECOVERY_TYPE_HASH = keccak256(
        "Recovery(address lost,address replacement,bytes32 reasonHash,uint64 deadline)"
    );

    struct PendingRecovery {
        address replacement;
        uint64 completableAt;
    }

    mapping(address account => Participant) private participants;
    mapping(address lost => address replacement) private replacements;
    mapping(address lost => PendingRecovery) private pending;
    mapping(bytes32 digest => bool) private announced;
    uint8 private guardianThreshold;
    uint32 private objectionPeriod;

    /// @param guardianThreshold_ As `setRecoveryTerms`.
    /// @param objectionPeriod_ As `setRecoveryTerms`.
    constructor(
        address manager,
        uint8 guardianThreshold_,
        uint32 objectionPeriod_
    ) AccessManaged(manager) EIP712("Microtonne ParticipantRegistry", "1") {
        applyRecoveryTerms(guardianThreshold_, objectionPeriod_);
    }

    /// @inheritdoc IParticipantRegistry
    function register(Admission calldata admission) external {
        requireKind(ParticipantKinds.REGISTRAR);
        admitOrdinary(admission);
    }

    /// @inheritdoc IParticipantRegistry
    function registerAll(Admission[] calldata admissions) external {
        requireKind(ParticipantKinds.REGISTRAR);
        for (uint256 i = 0; i < admissions.length; ++i) admitOrdinary(admissions[i]);
    }

    /// @inheritdoc IParticipantRegistry
    function update(Admission calldata admission) external {
        requireKind(ParticipantKinds.REGISTRAR);
        Participant storage current = participants[admission.account];
        ParticipantStatus status = current.status;
        require(status != ParticipantStatus.None, ParticipantUnknown(admission.account));
        bool decides = isOrdinary(current.kinds) && status != ParticipantStatus.Recovered;
        require(decides, ParticipantPrivileged(admission.account, current.kinds));
        check(admission, ParticipantKinds.ORDINARY);
        setParticipant(admission, status, 0);
    }

    /// @inheritdoc IParticipantRegistry
    function appoint(Admission calldata admission, uint32 verifierSets) external restricted {
        require(admission.account != address(0), ZeroParticipant());
        Participant storage current = participants[admission.account];
        ParticipantStatus status = current.status;
        require(
            status != ParticipantStatus.Recovered,
            ParticipantPrivileged(admission.account, current.kinds)
        );
        check(admission, ParticipantKinds.ALL);
        bool isVerifier = admission.kinds & ParticipantKinds.VERIFIER != 0;
        require(isVerifier || verifierSets == 0, VerifierSetsWithoutKind(verifierSets));
        setParticipant(
            admission,
            status == ParticipantStatus.None ? ParticipantStatus.Active : status,
            verifierSets
        );
    }

    /// @inheritdoc IParticipantRegistry
    function admitPool(address pool) external {
        requireKind(ParticipantKinds.POOL_FACTORY);
        requireNew(pool);
        Participant storage factory = participants[msg.sender];
        setParticipant(
            pool,
            Participant(
                ParticipantStatus.Active,
                ParticipantKinds.POOL,
                0,
                factory.country,
                0,
                factory.identityHash
            )
        );
    }

    /// @inheritdoc IParticipantRegistry
    function setStatus(address account, uint8 status) external {
        bool byRegulator = kindsWhileActive(msg.sender) & ParticipantKinds.REGULATOR != 0;
        if (!byRegulator) requireKind(ParticipantKinds.REGISTRAR);
        Participant memory participant = participants[account];
        ParticipantStatus before = participant.status;
        require(before != ParticipantStatus.None, ParticipantUnknown(account));
        bool decides = byRegulator || (isOrdinary(participant.kinds) && before != ParticipantStatus.Barred);
        require(
            decides && before != ParticipantStatus.Recovered,
            ParticipantPrivileged(account, participant.kinds)
        );
        bool allowed =
            status == uint8(ParticipantStatus.Active) ||
                status == uint8(ParticipantStatus.Suspended) ||
                (byRegulator && status == uint8(ParticipantStatus.Barred));
        require(allowed, StatusOutOfRange(status));

        participant.status = ParticipantStatus(status);
        setParticipant(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function announceRecovery(Recovery calldata recovery, bytes[] calldata signatures) external {
        require(recovery.reasonHash != 0, RecoveryIncomplete());
        require(block.timestamp <= recovery.deadline, RecoveryExpired(recovery.deadline, block.timestamp));
        recoverableKinds(recovery.lost);
        requireNew(recovery.replacement);
        bytes32 digest = hashRecovery(recovery);
        require(!announced[digest], RecoveryKnown(recovery.lost));
        address[] memory guardians = Quorum.signersOf(
            digest,
            signatures,
            Quorum.Rule(guardianThreshold, ParticipantKinds.GUARDIAN, 0, recovery.lost),
            this
        );

        uint64 completableAt = uint64(block.timestamp) + objectionPeriod;
        announced[digest] = true;
        pending[recovery.lost] = PendingRecovery(recovery.replacement, completableAt);
        emit RecoveryAnnounced(
            recovery.lost,
            recovery.replacement,
            recovery.reasonHash,
            completableAt,
            guardians
        );
    }

    /// @inheritdoc IParticipantRegistry
    function objectToRecovery() external {
        address replacement = pending[msg.sender].replacement;
        require(replacement != address(0), RecoveryUnknown(msg.sender));
        require(
            participants[msg.sender].status == ParticipantStatus.Active,
            ParticipantSuspended(msg.sender)
        );
        delete pending[msg.sender];
        emit RecoveryObjected(msg.sender, replacement);
    }

    /// @inheritdoc IParticipantRegistry
    function completeRecovery(address lost) external {
        PendingRecovery memory recovery = pending[lost];
        require(recovery.replacement != address(0), RecoveryUnknown(lost));
        require(block.timestamp >= recovery.completableAt, ObjectionPeriodOpen(lost, recovery.completableAt));
        requireNew(recovery.replacement);
        uint32 kinds = recoverableKinds(lost);
        Participant memory participant = participants[lost];
        Participant memory successor = participants[lost];
        (successor.kinds, successor.verifierSets) = (kinds, 0);
        participant.status = ParticipantStatus.Recovered;

        delete pending[lost];
        replacements[lost] = recovery.replacement;
        setParticipant(recovery.replacement, successor);
        setParticipant(lost, participant);
        emit WalletRecovered(lost, recovery.replacement);
    }

    /// @inheritdoc IParticipantRegistry
    function setRecoveryTerms(uint8 guardianThreshold_, uint32 objectionPeriod_) external restricted {
        applyRecoveryTerms(guardianThreshold_, objectionPeriod_);
    }

    /// @inheritdoc IParticipantRegistry
    function isActive(address account) external view returns (bool) {
        return kindsWhileActive(account) != 0;
    }

    /// @inheritdoc IParticipantRegistry
    function hasKind(address account, uint32 kinds) external view returns (bool) {
        uint32 held = kindsWhileActive(account);
        return held != 0 && held & kinds == kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function kindsOf(
        address one,
        address other
    ) external view returns (uint32 kindsOfOne, uint32 kindsOfOther) {
        return (kindsWhileActive(one), kindsWhileActive(other));
    }

    /// @inheritdoc IParticipantRegistry
    function kindsOnFile(address account) external view returns (uint32) {
        return participants[account].kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (Participant memory) {
        return participants[account];
    }

    /// @inheritdoc IParticipantRegistry
    function replacementOf(address lost) external view returns (address replacement) {
        address next = replacements[lost];
        // A replacement is a wallet that was new, so the chain has an end.
        while (next != address(0)) (replacement, next) = (next, replacements[next]);
    }

    /// @inheritdoc IParticipantRegistry
    function recoveryOf(address lost) external view returns (address replacement, uint64 completableAt) {
        return (pending[lost].replacement, pending[lost].completableAt);
    }

    /// @inheritdoc IParticipantRegistry
    function recoveryTerms() external view returns (uint8, uint32) {
        return (guardianThreshold, objectionPeriod);
    }

    /// @inheritdoc IParticipantRegistry
    function standingOf(address account) public view returns (uint32 kinds, uint32 verifierSets) {
        kinds = kindsWhileActive(account);
        if (kinds != 0) verifierSets = participants[account].verifierSets;
    }

    /// @inheritdoc IParticipantRegistry
    function hashRecovery(Recovery calldata recovery) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(RECOVERY_TYPE_HASH, recovery)));
    }

    function admitOrdinary(Admission calldata admission) private {
        requireNew(admission.account);
        check(admission, ParticipantKinds.ORDINARY);
        setParticipant(admission, ParticipantStatus.Active, 0);
    }

    function check(Admission calldata admission, uint32 allowed) private view {
        // Each field is read once: require evaluates its error's arguments in any case.
        uint32 kinds = admission.kinds;
        require(kinds != 0 && kinds & ~allowed == 0, KindsOutOfRange(kinds));
        bytes2 country = admission.country;
        require(CountryCode.isWellFormed(country), CountryMalformed(country));
        uint40 expiry = admission.expiry;
        require(expiry == 0 || expiry > block.timestamp, ExpiryPassed(expiry));
    }

    function setParticipant(
        Admission calldata admission,
        ParticipantStatus status,
        uint32 verifierSets
    ) private {
        setParticipant(
            admission.account,
            status,
            admission.kinds,
            verifierSets,
            admission.country,
            admission.expiry,
            admission.identityHash
        );
    }

    function setParticipant(address account, Participant memory participant) private {
        setParticipant(
            account,
            participant.status,
            participant.kinds,
            participant.verifierSets,
            participant.country,
            participant.expiry,
            participant.identityHash
        );
    }

    /// @dev Values come as arguments, so that the compiler writes their common slot once.
    function setParticipant(
        address account,
        ParticipantStatus status,
        uint32 kinds,
        uint32 verifierSets,
        bytes2 country,
        uint40 expiry,
        bytes32 identityHash
    ) private {
        Participant storage stored = participants[account];
        stored.kinds = kinds;
        stored.verifierSets = verifierSets;
        stored.country = country;
        stored.expiry = expiry;
        stored.status = status;
        stored.identityHash = identityHash;
        emit ParticipantSet(account, status, kinds, verifierSets, country, expiry, identityHash);
    }

    function applyRecoveryTerms(uint8 guardianThreshold_, uint32 objectionPeriod_) private {
        require(guardianThreshold_ > 0, ThresholdZero());
        guardianThreshold = guardianThreshold_;
        objectionPeriod = objectionPeriod_;
        emit RecoveryTermsSet(guardianThreshold_, objectionPeriod_);
    }

    function requireKind(uint32 kinds) private view {
        require(kindsWhileActive(msg.sender) & kinds == kinds, CallerNotEntitled(msg.sender, kinds));
    }

    function requireNew(address account) private view {
        require(account != address(0), ZeroParticipant());
        require(participants[account].status == ParticipantStatus.None, ParticipantKnown(account));
    }

    /// @dev What of a lost wallet's kinds goes over to the wallet that takes its place.
    function recoverableKinds(address lost) private view returns (uint32 kinds) {
        Participant storage participant = participants[lost];
        ParticipantStatus status = participant.status;
        require(
            status != ParticipantStatus.None && status != ParticipantStatus.Recovered,
            ParticipantUnknown(lost)
        );
        kinds = participant.kinds;
        bool recoverable =
            kinds & ParticipantKinds.CONTRACTS == 0 && kinds & ParticipantKinds.RECOVERABLE != 0;
        require(recoverable, ParticipantPrivileged(lost, kinds));
        kinds &= ParticipantKinds.RECOVERABLE;
    }

    /// @dev Everybody registered has a kind. Status last, in one go with the others: so the word is read
    /// once.
    function kindsWhileActive(address account) private view returns (uint32 kinds) {
        // Mints and burns ask for it too, and it is nobody: don't read its word.
        if (account == address(0)) return 0;
        Participant storage participant = participants[account];
        kinds = participant.kinds;
        uint40 expiry = participant.expiry;
        bool isCurrent =
            participant.status == ParticipantStatus.Active && (expiry == 0 || block.timestamp < expiry);
        if (!isCurrent) kinds = 0;
    }

    function isOrdinary(uint32 kinds) private pure returns (bool) {
        return kinds & ~ParticipantKinds.ORDINARY == 0;
    }
}
