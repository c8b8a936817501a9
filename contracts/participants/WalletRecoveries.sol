// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {DevelopmentChain} from "../libraries/DevelopmentChain.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Participant, ParticipantKinds, ParticipantStatus, Recovery} from "../types/Participant.sol";
import {ParticipantBook} from "./ParticipantBook.sol";

/// @title Lost wallets and the wallets that take their place. See IParticipantRegistry.
abstract contract WalletRecoveries is ParticipantBook, AccessManaged, EIP712 {
    bytes32 private constant RECOVERY_TYPE_HASH = keccak256(
        "Recovery(address lost,address replacement,bytes32 reasonHash,uint64 deadline)"
    );
    uint8 private constant LEAST_GUARDIANS = 2;
    uint32 private constant LEAST_OBJECTION_PERIOD = 1 days;
    uint32 private constant LEAST_COMPLETION_PERIOD = 1 days;
    uint32 private constant FIRST_COMPLETION_PERIOD = 30 days;

    struct PendingRecovery {
        address replacement;
        uint48 completableAt;
        /// The last second in which it may be completed.
        uint48 endsAt;
    }

    mapping(address lost => address replacement) private replacements;
    mapping(address replacement => address lost) private predecessors;
    mapping(address lost => PendingRecovery) private pending;
    mapping(bytes32 digest => bool) private announced;
    uint8 private guardianThreshold;
    uint32 private objectionPeriod;
    uint32 private completionPeriod;

    /// @param manager The access manager.
    /// @param guardianThreshold_ As `setRecoveryTerms`.
    /// @param objectionPeriod_ As `setRecoveryTerms`.
    constructor(
        address manager,
        uint8 guardianThreshold_,
        uint32 objectionPeriod_
    ) AccessManaged(manager) EIP712("Microtonne ParticipantRegistry", "1") {
        applyRecoveryTerms(guardianThreshold_, objectionPeriod_);
        applyCompletionPeriod(FIRST_COMPLETION_PERIOD);
    }

    /// @inheritdoc IParticipantRegistry
    function announceRecovery(Recovery calldata recovery, bytes[] calldata signatures) external {
        address lost = recovery.lost;
        require(recovery.reasonHash != 0, RecoveryIncomplete());
        require(block.timestamp <= recovery.deadline, RecoveryExpired(recovery.deadline, block.timestamp));
        recoverableKinds(lost);
        requireNew(recovery.replacement);
        bytes32 digest = hashRecovery(recovery);
        require(!announced[digest], RecoveryKnown(lost));
        address[] memory guardians = Quorum.signersOf(
            digest,
            signatures,
            Quorum.Rule(guardianThreshold, ParticipantKinds.GUARDIAN, 0, firmOf(lost), false),
            this
        );

        uint48 completableAt = uint48(block.timestamp) + objectionPeriod;
        announced[digest] = true;
        pending[lost] = PendingRecovery(
            recovery.replacement,
            completableAt,
            completableAt + completionPeriod
        );
        emit RecoveryAnnounced(lost, recovery.replacement, recovery.reasonHash, completableAt, guardians);
        changeStatus(lost, ParticipantStatus.Active, ParticipantStatus.Recovering);
    }

    /// @inheritdoc IParticipantRegistry
    function objectToRecovery() external {
        address replacement = pendingOf(msg.sender).replacement;
        require(
            recordOf(msg.sender).status == ParticipantStatus.Recovering,
            ParticipantSuspended(msg.sender)
        );
        delete pending[msg.sender];
        emit RecoveryObjected(msg.sender, replacement);
        changeStatus(msg.sender, ParticipantStatus.Recovering, ParticipantStatus.Active);
    }

    /// @inheritdoc IParticipantRegistry
    function lapseRecovery(address lost) external {
        PendingRecovery memory recovery = pendingOf(lost);
        require(block.timestamp > recovery.endsAt, RecoveryStanding(lost, recovery.endsAt));
        delete pending[lost];
        emit RecoveryLapsed(lost, recovery.replacement);
        changeStatus(lost, ParticipantStatus.Recovering, ParticipantStatus.Active);
    }

    /// @inheritdoc IParticipantRegistry
    function completeRecovery(address lost) external {
        PendingRecovery memory recovery = pendingOf(lost);
        address replacement = recovery.replacement;
        require(block.timestamp >= recovery.completableAt, ObjectionPeriodOpen(lost, recovery.completableAt));
        require(block.timestamp <= recovery.endsAt, RecoveryOverdue(lost, recovery.endsAt));
        requireNew(replacement);
        uint32 kinds = recoverableKinds(lost);
        Participant memory participant = recordOf(lost);
        Participant memory successor = recordOf(lost);
        (successor.kinds, successor.verifierSets) = (kinds, 0);
        if (successor.status == ParticipantStatus.Recovering) successor.status = ParticipantStatus.Active;
        participant.status = ParticipantStatus.Recovered;

        delete pending[lost];
        replacements[lost] = replacement;
        predecessors[replacement] = lost;
        setParticipant(replacement, successor);
        setParticipant(lost, participant);
        emit WalletRecovered(lost, replacement);
    }

    /// @inheritdoc IParticipantRegistry
    function setRecoveryTerms(uint8 guardianThreshold_, uint32 objectionPeriod_) external restricted {
        applyRecoveryTerms(guardianThreshold_, objectionPeriod_);
    }

    /// @inheritdoc IParticipantRegistry
    function setCompletionPeriod(uint32 completionPeriod_) external restricted {
        applyCompletionPeriod(completionPeriod_);
    }

    /// @inheritdoc IParticipantRegistry
    function replacementOf(address lost) external view returns (address replacement) {
        address next = replacements[lost];
        // A replacement is a wallet that was new, so the chain has an end.
        while (next != address(0)) (replacement, next) = (next, replacements[next]);
    }

    /// @inheritdoc IParticipantRegistry
    function predecessorOf(address account) external view returns (address lost) {
        return predecessors[account];
    }

    /// @inheritdoc IParticipantRegistry
    function recoveryOf(
        address lost
    ) external view returns (address replacement, uint64 completableAt, uint64 endsAt) {
        PendingRecovery storage recovery = pending[lost];
        return (recovery.replacement, recovery.completableAt, recovery.endsAt);
    }

    /// @inheritdoc IParticipantRegistry
    function recoveryTerms() external view returns (uint8, uint32, uint32) {
        return (guardianThreshold, objectionPeriod, completionPeriod);
    }

    /// @inheritdoc IParticipantRegistry
    function hashRecovery(Recovery calldata recovery) public view returns (bytes32 digest) {
        return _hashTypedDataV4(keccak256(abi.encode(RECOVERY_TYPE_HASH, recovery)));
    }

    /// @dev Nothing of what guardians decided about the account holds any more: another stands there now.
    function forgetRecoveries(address account) internal {
        delete pending[account];
        delete replacements[account];
    }

    /// @dev What a wallet is that somebody wants active: still recovering where that is under way.
    function activeStatusOf(address account) internal view returns (ParticipantStatus) {
        return
            pending[account].replacement == address(0)
                ? ParticipantStatus.Active
                : ParticipantStatus.Recovering;
    }

    function applyRecoveryTerms(uint8 guardianThreshold_, uint32 objectionPeriod_) private {
        require(guardianThreshold_ > 0, ThresholdZero());
        bool isStrong = guardianThreshold_ >= LEAST_GUARDIANS && objectionPeriod_ >= LEAST_OBJECTION_PERIOD;
        require(
            isStrong || DevelopmentChain.isHere(),
            RecoveryTermsTooWeak(guardianThreshold_, objectionPeriod_)
        );
        guardianThreshold = guardianThreshold_;
        objectionPeriod = objectionPeriod_;
        emit RecoveryTermsSet(guardianThreshold_, objectionPeriod_);
    }

    function applyCompletionPeriod(uint32 completionPeriod_) private {
        require(
            completionPeriod_ >= LEAST_COMPLETION_PERIOD || DevelopmentChain.isHere(),
            CompletionPeriodTooShort(completionPeriod_)
        );
        completionPeriod = completionPeriod_;
        emit CompletionPeriodSet(completionPeriod_);
    }

    /// @dev Leaves a wallet alone that is in another status than `from`.
    function changeStatus(address account, ParticipantStatus from, ParticipantStatus to) private {
        Participant memory participant = recordOf(account);
        if (participant.status != from) return;
        participant.status = to;
        setParticipant(account, participant);
    }

    function pendingOf(address lost) private view returns (PendingRecovery memory recovery) {
        recovery = pending[lost];
        require(recovery.replacement != address(0), RecoveryUnknown(lost));
    }

    /// @dev What of a lost wallet's kinds goes over to the wallet that takes its place.
    function recoverableKinds(address lost) private view returns (uint32 kinds) {
        Participant storage participant = recordOf(lost);
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
}
