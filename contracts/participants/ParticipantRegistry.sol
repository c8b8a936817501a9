// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {CountryCode} from "../libraries/CountryCode.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Admission, Participant, ParticipantKinds, ParticipantStatus, Recovery} from "../types/Participant.sol";

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
        Participant storage known = participants[admission.account];
        ParticipantStatus status = known.status;
        require(status != ParticipantStatus.None, ParticipantUnknown(admission.account));
        requireOrdinary(admission.account, status, known.kinds);
        check(admission, ParticipantKinds.ORDINARY);
        store(admission, status, 0);
    }

    /// @inheritdoc IParticipantRegistry
    function appoint(Admission calldata admission, uint32 verifierSets) external restricted {
        require(admission.account != address(0), ZeroParticipant());
        Participant storage known = participants[admission.account];
        ParticipantStatus status = known.status;
        require(status != ParticipantStatus.Recovered, ParticipantPrivileged(admission.account, known.kinds));
        check(admission, ParticipantKinds.ALL);
        bool isVerifier = admission.kinds & ParticipantKinds.VERIFIER != 0;
        require(isVerifier || verifierSets == 0, VerifierSetsWithoutKind(verifierSets));
        store(admission, status == ParticipantStatus.None ? ParticipantStatus.Active : status, verifierSets);
    }

    /// @inheritdoc IParticipantRegistry
    function admitPool(address pool) external {
        requireKind(ParticipantKinds.POOL_FACTORY);
        requireNew(pool);
        Participant storage factory = participants[msg.sender];
        store(Admission(pool, ParticipantKinds.POOL, factory.country, 0, factory.identityHash), ParticipantStatus.Active, 0);
    }

    /// @inheritdoc IParticipantRegistry
    function setStatus(address account, uint8 status) external {
        Participant memory participant = participants[account];
        (uint32 kinds, ) = standingOf(msg.sender);
        if (kinds & ParticipantKinds.REGULATOR == 0) {
            requireKind(ParticipantKinds.REGISTRAR);
            require(participant.kinds & ~ParticipantKinds.ORDINARY == 0, ParticipantPrivileged(account, participant.kinds));
        }
        require(participant.status != ParticipantStatus.None, ParticipantUnknown(account));
        require(participant.status != ParticipantStatus.Recovered, ParticipantPrivileged(account, participant.kinds));
        require(status == uint8(ParticipantStatus.Active) || status == uint8(ParticipantStatus.Suspended), StatusOutOfRange(status));
        participant.status = ParticipantStatus(status);
        store(account, participant);
    }

    /// @inheritdoc IParticipantRegistry
    function announceRecovery(Recovery calldata recovery, bytes[] calldata signatures) external {
        require(recovery.reasonHash != 0, RecoveryIncomplete());
        require(block.timestamp <= recovery.deadline, RecoveryExpired(recovery.deadline, block.timestamp));
        ParticipantStatus status = participants[recovery.lost].status;
        require(status == ParticipantStatus.Active || status == ParticipantStatus.Suspended, ParticipantUnknown(recovery.lost));
        requireNew(recovery.replacement);
        bytes32 digest = hashRecovery(recovery);
        require(!announced[digest] && pending[recovery.lost].replacement == address(0), RecoveryKnown(recovery.lost));
        address[] memory guardians = Quorum.signersOf(
            digest,
            signatures,
            Quorum.Rule(guardianThreshold, ParticipantKinds.GUARDIAN, 0, recovery.lost),
            this
        );

        uint64 completableAt = uint64(block.timestamp) + objectionPeriod;
        announced[digest] = true;
        pending[recovery.lost] = PendingRecovery(recovery.replacement, completableAt);
        emit RecoveryAnnounced(recovery.lost, recovery.replacement, recovery.reasonHash, completableAt, guardians);
    }

    /// @inheritdoc IParticipantRegistry
    function objectToRecovery() external {
        address replacement = pending[msg.sender].replacement;
        require(replacement != address(0), RecoveryUnknown(msg.sender));
        delete pending[msg.sender];
        emit RecoveryObjected(msg.sender, replacement);
    }

    /// @inheritdoc IParticipantRegistry
    function completeRecovery(address lost) external {
        PendingRecovery memory recovery = pending[lost];
        require(recovery.replacement != address(0), RecoveryUnknown(lost));
        require(block.timestamp >= recovery.completableAt, ObjectionPeriodOpen(lost, recovery.completableAt));
        requireNew(recovery.replacement);
        Participant memory participant = participants[lost];

        delete pending[lost];
        replacements[lost] = recovery.replacement;
        store(recovery.replacement, participant);
        participant.status = ParticipantStatus.Recovered;
        store(lost, participant);
        emit WalletRecovered(lost, recovery.replacement);
    }

    /// @inheritdoc IParticipantRegistry
    function setRecoveryTerms(uint8 guardianThreshold_, uint32 objectionPeriod_) external restricted {
        applyRecoveryTerms(guardianThreshold_, objectionPeriod_);
    }

    /// @inheritdoc IParticipantRegistry
    function isActive(address account) external view returns (bool) {
        return active(participants[account]);
    }

    /// @inheritdoc IParticipantRegistry
    function hasKind(address account, uint32 kinds) external view returns (bool) {
        uint32 held = kindsWhileActive(account);
        return held != 0 && held & kinds == kinds;
    }

    /// @inheritdoc IParticipantRegistry
    function kindsOf(address one, address other) external view returns (uint32 kindsOfOne, uint32 kindsOfOther) {
        return (kindsWhileActive(one), kindsWhileActive(other));
    }

    /// @inheritdoc IParticipantRegistry
    function participantOf(address account) external view returns (Participant memory) {
        return participants[account];
    }

    /// @inheritdoc IParticipantRegistry
    function replacementOf(address lost) external view returns (address) {
        return replacements[lost];
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
        Participant storage participant = participants[account];
        if (active(participant)) (kinds, verifierSets) = (participant.kinds, participant.verifierSets);
    }

    /// @inheritdoc IParticipantRegistry
    function hashRecovery(Recovery calldata recovery) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(RECOVERY_TYPE_HASH, recovery)));
    }

    function admitOrdinary(Admission calldata admission) private {
        requireNew(admission.account);
        check(admission, ParticipantKinds.ORDINARY);
        store(admission, ParticipantStatus.Active, 0);
    }

    function check(Admission calldata admission, uint32 allowed) private view {
        require(admission.kinds != 0 && admission.kinds & ~allowed == 0, KindsOutOfRange(admission.kinds));
        require(CountryCode.isWellFormed(admission.country), CountryMalformed(admission.country));
        require(admission.expiry == 0 || admission.expiry > block.timestamp, ExpiryPassed(admission.expiry));
    }

    function store(Admission memory admission, ParticipantStatus status, uint32 verifierSets) private {
        store(
            admission.account,
            Participant(status, admission.kinds, verifierSets, admission.country, admission.expiry, admission.identityHash)
        );
    }

    function store(address account, Participant memory participant) private {
        participants[account] = participant;
        emit ParticipantSet(
            account,
            participant.status,
            participant.kinds,
            participant.verifierSets,
            participant.country,
            participant.expiry,
            participant.identityHash
        );
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

    function requireOrdinary(address account, ParticipantStatus status, uint32 kinds) private pure {
        bool ordinary = kinds & ~ParticipantKinds.ORDINARY == 0 && status != ParticipantStatus.Recovered;
        require(ordinary, ParticipantPrivileged(account, kinds));
    }

    function kindsWhileActive(address account) private view returns (uint32) {
        Participant storage participant = participants[account];
        return active(participant) ? participant.kinds : 0;
    }

    function active(Participant storage participant) private view returns (bool) {
        uint40 expiry = participant.expiry;
        return participant.status == ParticipantStatus.Active && (expiry == 0 || block.timestamp < expiry);
    }
}
