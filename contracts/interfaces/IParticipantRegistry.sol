// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Admission, Participant, ParticipantStatus, Recovery} from "../types/Participant.sol";

/// @title Who may hold and act.
/// @notice Source of the rules: architecture, "Contracts"; design, "Firms". No personal data: a firm is known
/// by a keyed hash of its code. Registrars admit ordinary participants; kinds that could harm others
/// (verifier, operator, regulator …) are appointed through the access manager.
interface IParticipantRegistry {
    /// @notice The zero address cannot take part.
    error ZeroParticipant();
    /// @notice Already registered: change it by `update`, `appoint` or `setStatus`.
    error ParticipantKnown(address account);
    error ParticipantUnknown(address account);
    /// @notice No kind at all, a bit that no kind has, or a kind that the caller can't give.
    error KindsOutOfRange(uint32 kinds);
    /// @notice A kind among them that only a known firm may be (`ParticipantKinds.FIRMS`).
    error FirmMissing(address account);
    /// @notice The wallet is this firm's for good.
    error FirmFixed(address account, bytes16 firmId);
    /// @notice Verifier sets are for verifiers.
    error VerifierSetsWithoutKind(uint32 verifierSets);
    /// @notice Not two ASCII capitals.
    error CountryMalformed(bytes2 country);
    /// @notice The expiry is not in the future. Unix seconds.
    error ExpiryPassed(uint40 expiry);
    /// @notice Not a status that the caller can set: 1 active, 2 suspended, for regulators also 4 barred.
    error StatusOutOfRange(uint8 status);
    /// @notice The caller is no active participant of the kind that this needs.
    error CallerNotEntitled(address caller, uint32 kindsNeeded);
    /// @notice The participant was recovered, or has a kind or a bar that the caller doesn't decide about:
    /// registrars decide about ordinary kinds that no regulator barred, guardians about wallets that can get
    /// lost (`ParticipantKinds.RECOVERABLE`).
    error ParticipantPrivileged(address account, uint32 kinds);
    /// @notice The reason's hash is missing.
    error RecoveryIncomplete();
    /// @notice Deadline and block time in unix seconds.
    error RecoveryExpired(uint64 deadline, uint256 blockTime);
    /// @notice This statement was announced before.
    error RecoveryKnown(address lost);
    error RecoveryUnknown(address lost);
    /// @notice It may be completed up to and including `endsAt`, unix seconds, and doesn't lapse before.
    error RecoveryStanding(address lost, uint256 endsAt);
    /// @notice It might have been completed up to and including `endsAt`, unix seconds; it can only lapse.
    error RecoveryOverdue(address lost, uint256 endsAt);
    /// @notice A suspended or barred wallet can't object.
    error ParticipantSuspended(address account);
    /// @notice Not to be completed before `endsAt`, unix seconds.
    error ObjectionPeriodOpen(address lost, uint256 endsAt);
    /// @notice A threshold of zero would let anything pass.
    error ThresholdZero();
    /// @notice At least two guardians and a day, but on the chain for development (`DevelopmentChain`).
    error RecoveryTermsTooWeak(uint8 guardianThreshold, uint32 objectionPeriod);
    /// @notice At least a day, but on the chain for development.
    error CompletionPeriodTooShort(uint32 completionPeriod);
    /// @notice No contract that acts on holds (`ParticipantKinds.AGENTS`).
    error AgentUnknown(address agent);
    /// @notice An agent has one successor, for good.
    error SuccessorKnown(address agent, address successor);
    /// @notice Not another agent of the same kinds, or one that was itself succeeded.
    error SuccessorUnfit(address agent, address successor);

    /// @notice The whole state of a participant after any change. Status 1 active, 2 suspended, 3 recovered,
    /// 4 barred, 5 recovering; expiry in unix seconds, 0 for none; firm as
    /// in `Participant`, in a word.
    event ParticipantSet(
        address indexed account,
        ParticipantStatus status,
        uint32 kinds,
        uint32 verifierSets,
        bytes2 country,
        uint40 expiry,
        bytes32 firmId
    );
    /// @notice From now on this is the recovery under way; one announced before for the same wallet is void.
    event RecoveryAnnounced(
        address indexed lost,
        address indexed replacement,
        bytes32 reasonHash,
        uint256 completableAt,
        address[] guardians
    );
    event RecoveryObjected(address indexed lost, address indexed replacement);
    event RecoveryLapsed(address indexed lost, address indexed replacement);
    event WalletRecovered(address indexed lost, address indexed replacement);
    event RecoveryTermsSet(uint8 guardianThreshold, uint32 objectionPeriod);
    event CompletionPeriodSet(uint32 completionPeriod);
    event SuccessorSet(address indexed agent, address indexed successor);

    /// @notice Admits a participant of ordinary kinds; it is active at once. Registrars only.
    /// @dev Reverts CallerNotEntitled, ZeroParticipant, ParticipantKnown, KindsOutOfRange, FirmMissing,
    /// CountryMalformed, ExpiryPassed.
    function register(Admission calldata admission) external;

    /// @notice As `register`, many at once; all or none.
    function registerAll(Admission[] calldata admissions) external;

    /// @notice Replaces all but the status of a participant of ordinary kinds by ordinary kinds. Registrars
    /// only.
    /// @dev Reverts as `register`, and ParticipantUnknown, ParticipantPrivileged, FirmFixed.
    function update(Admission calldata admission) external;

    /// @notice Admits or changes a participant with any kinds; a new one is active at once. Restricted by the
    /// access manager.
    /// @param verifierSets See `Participant`.
    /// @dev Reverts ZeroParticipant, KindsOutOfRange, FirmMissing, FirmFixed, VerifierSetsWithoutKind,
    /// CountryMalformed, ExpiryPassed, ParticipantPrivileged for a recovered wallet.
    function appoint(Admission calldata admission, uint32 verifierSets) external;

    /// @notice Admits a pool contract that the calling factory created, in the factory's firm and country.
    /// Whatever registrars or guardians wrote for the pool's coming address is overwritten. Participants of
    /// kind pool factory only.
    /// @dev Reverts CallerNotEntitled, ZeroParticipant; ParticipantKnown where the address has a kind that is
    /// appointed.
    function admitPool(address pool) external;

    /// @notice Sets a participant active (1), suspended (2) or barred (4). Regulators for anybody; registrars
    /// for ordinary kinds, and neither into nor out of a bar. A wallet whose recovery is under way becomes
    /// recovering (5) instead of active.
    /// @dev Reverts CallerNotEntitled, ParticipantUnknown, ParticipantPrivileged, StatusOutOfRange.
    function setStatus(address account, uint8 status) external;

    /// @notice Starts the recovery of a lost wallet by a quorum of guardians of other firms. An active wallet
    /// is recovering from then on: it holds what it has, and does nothing. It may object until the recovery
    /// is completed. A later announcement voids an earlier one and starts the periods anew, so that a wrong
    /// replacement can be put right. Contracts (`ParticipantKinds.CONTRACTS`) are no wallets; of other
    /// wallets the kinds in `ParticipantKinds.RECOVERABLE` go over, with status, expiry and firm.
    /// @param signatures As `IBatchRegistry.commit` takes them, of guardians.
    /// @dev Reverts RecoveryIncomplete, RecoveryExpired, RecoveryKnown, ParticipantUnknown or
    /// ParticipantPrivileged for the lost wallet, ParticipantKnown for the replacement, ZeroParticipant,
    /// QuorumTooSmall, SignatureInvalid, SignersNotAscending, SignerNotEntitled, SignerExcluded, FirmKnown.
    function announceRecovery(Recovery calldata recovery, bytes[] calldata signatures) external;

    /// @notice The caller's wallet is not lost: ends its recovery, and the wallet is active again. A
    /// suspended wallet can't, or who stole it would object for ever.
    /// @dev Reverts RecoveryUnknown, ParticipantSuspended.
    function objectToRecovery() external;

    /// @notice After the objection period, and until the end of the completion period, anybody completes: the
    /// replacement takes the lost wallet's place here, and the tokens let balances, freezes, liens and
    /// certificates follow (`ICarbonCredit.recover` and alike).
    /// @dev Reverts RecoveryUnknown, ObjectionPeriodOpen, RecoveryOverdue, ParticipantKnown,
    /// ParticipantPrivileged.
    function completeRecovery(address lost) external;

    /// @notice A recovery that nobody completed in time ends, by anybody; the wallet is active again where it
    /// was before.
    /// @dev Reverts RecoveryUnknown, RecoveryStanding.
    function lapseRecovery(address lost) external;

    /// @notice Guardians that a recovery needs, and seconds during which the wallet may object. For
    /// recoveries announced from then on. Restricted by the access manager.
    /// @dev Reverts ThresholdZero, RecoveryTermsTooWeak.
    function setRecoveryTerms(uint8 guardianThreshold, uint32 objectionPeriod) external;

    /// @notice Seconds after the objection period during which a recovery may be completed; 30 days at first.
    /// For recoveries announced from then on. Restricted by the access manager.
    /// @dev Reverts CompletionPeriodTooShort.
    function setCompletionPeriod(uint32 completionPeriod) external;

    /// @notice From then on another contract may act on what was placed under an agent, beside it. Once an
    /// agent, for good. Restricted by the access manager, under its longest delay: whoever stands there can
    /// take whatever the agent could.
    /// @dev Reverts AgentUnknown, SuccessorKnown, SuccessorUnfit.
    function setSuccessor(address agent, address successor) external;

    /// @notice True where the account is registered, active and not expired.
    function isActive(address account) external view returns (bool);

    /// @notice True where the account is active and has every bit of `kinds`.
    function hasKind(address account, uint32 kinds) external view returns (bool);

    /// @notice Kinds and verifier sets of an active participant; zeros for anybody else.
    function standingOf(address account) external view returns (uint32 kinds, uint32 verifierSets);

    /// @notice As `standingOf`, with the firm; zeros for anybody who is not active.
    function standingAndFirmOf(
        address account
    ) external view returns (uint32 kinds, uint32 verifierSets, bytes32 firmId);

    /// @notice The account's firm as a word (16 bytes, then 0), whatever its status; 0 for none. Nothing is
    /// followed: a replacement has the lost wallet's firm anyhow.
    function firmOf(address account) external view returns (bytes32 firmId);

    /// @notice How many firms have an active verifier in this set; 0 for all verifiers, whatever their sets.
    /// An expiry counts once the wallet is changed.
    function firmCountOf(uint8 verifierSet) external view returns (uint256);

    /// @notice As `firmCountOf`, without this firm: how many are left for a matter of its own.
    function firmCountBeside(uint8 verifierSet, bytes32 firmId) external view returns (uint256);

    /// @notice Kinds of two accounts in one call, 0 for one that is not active.
    function kindsOf(
        address one,
        address other
    ) external view returns (uint32 kindsOfOne, uint32 kindsOfOther);

    /// @notice All zero where the account is not registered.
    function participantOf(address account) external view returns (Participant memory);

    /// @notice Kinds whatever the status and expiry; 0 where the account is not registered.
    function kindsOnFile(address account) external view returns (uint32 kinds);

    /// @notice The wallet that has this one's place now, also where a replacement got lost in its turn; 0
    /// where this one was not lost.
    function replacementOf(address lost) external view returns (address);

    /// @notice The wallet whose place this one took; 0 where it took nobody's.
    function predecessorOf(address account) external view returns (address lost);

    /// @notice The contract that acts in an agent's place now, also where a successor has one in its turn; 0
    /// for none.
    function successorOf(address agent) external view returns (address);

    /// @notice The recovery under way: replacement, and unix seconds from and up to which it may be
    /// completed; zeros for none.
    function recoveryOf(
        address lost
    ) external view returns (address replacement, uint64 completableAt, uint64 endsAt);

    function recoveryTerms()
        external
        view
        returns (uint8 guardianThreshold, uint32 objectionPeriod, uint32 completionPeriod);

    /// @notice The EIP-712 digest that guardians sign; domain ("Microtonne ParticipantRegistry", "1", chain
    /// id, this contract), type `Recovery(address lost,address replacement,bytes32 reasonHash,uint64
    /// deadline)`.
    function hashRecovery(Recovery calldata recovery) external view returns (bytes32 digest);
}
