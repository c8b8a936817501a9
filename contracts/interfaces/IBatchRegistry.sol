// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Batch, DisputeKind} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {Day} from "../types/Day.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {SumNode} from "../types/SumNode.sol";
import {ICreditIssuer} from "./ICreditIssuer.sol";

/// @title Commits sealed batches that a quorum of verifiers attested, and keeps their accounts.
/// @notice Source of the rules: batch format, "Accounting of a batch on chain" and "Manifest". Masses are
/// whole milligrams.
interface IBatchRegistry is ICreditIssuer {
    /// @notice Only the operator that the statement names may call; for a batch also the wallet that took its
    /// place by recovery.
    error CallerNotOperator(address caller, address operator);
    /// @notice The operator is not an active participant of kind operator.
    error OperatorNotRegistered(address operator);
    /// @notice Deadline and block time in unix seconds.
    error StatementExpired(uint64 deadline, uint256 blockTime);
    /// @notice 32 ones on top: ids of other registries' units (`UnitIds`).
    error BatchIdReserved(BatchId batchId);
    error BatchKnown(BatchId batchId);
    /// @notice Another batch committed to the same root.
    error RootKnown(bytes32 root, BatchId batchId);
    /// @notice The statement does not follow the operator's latest batch; `head` is that batch, 0 for none.
    error PreviousBatchMismatch(BatchId previousBatchId, BatchId head);
    /// @notice Activity keys of this scheme are not comparable with the others here.
    error KeySchemeNotAllowed(bytes32 keySchemeHash);
    /// @notice Batch id, root, region and terms must not be zero.
    error StatementIncomplete();
    /// @notice A total must be above zero and below 2^63.
    error TotalOutOfRange(Milligrams totalMilligrams);
    /// @notice A leaf is a milligram at least, and there is one at least.
    error LeafCountOutOfRange(uint32 leafCount, Milligrams totalMilligrams);
    /// @notice More milligrams without a subject than there are in all.
    error SubjectlessExceedsTotal(Milligrams subjectlessMilligrams, Milligrams totalMilligrams);
    /// @notice The vintage ends before it starts, or in another calendar year.
    error VintageOutOfRange(Day startDay, Day endDay);
    /// @notice A day that 24 bits don't hold.
    error DayOutOfRange(Day day);
    /// @notice 1 act or 2 project; behaviour is never committed.
    error CategoryOutOfRange(uint8 category);
    /// @notice Not two ASCII capitals.
    error HostCountryMalformed(bytes2 hostCountry);
    /// @notice 0 none, 1 authorised or 2 applied.
    error AdjustmentOutOfRange(uint8 adjustment);
    /// @notice The last day for retirement lies before the end of the vintage.
    error UseByBeforeVintageEnd(Day useByDay, Day vintageEndDay);
    /// @notice `useByDay` is over in every time zone, so nothing of the batch is retired any more.
    error BatchExpired(BatchId batchId, Day useByDay);
    /// @notice A batch holds its buffer back for this many days at most.
    error ClaimPeriodTooLong(uint32 claimPeriodDays, uint32 mostDays);
    /// @notice A challenge window has this many seconds at most.
    error ChallengeWindowTooLong(uint32 window, uint32 mostSeconds);
    /// @notice A batch holds its buffer back for this many days at least.
    error ClaimPeriodTooShort(uint32 claimPeriodDays, uint32 leastDays);
    /// @notice The ids do not hash to the statement's `methodologiesHash`, are none, or are not strictly
    /// ascending.
    error MethodologiesMismatch(bytes32 methodologiesHash);
    /// @notice Unknown, withdrawn or of another region.
    error MethodologyNotUsable(bytes32 methodologyId);
    error BatchUnknown(BatchId batchId);
    error BatchAlreadyMinted(BatchId batchId);
    error BatchNotMinted(BatchId batchId);
    /// @notice Not to be minted before `endsAt`, unix seconds.
    error ChallengeWindowOpen(BatchId batchId, uint256 endsAt);
    /// @notice What is left is not to be minted before `endsAt`, unix seconds.
    error ClaimPeriodOpen(BatchId batchId, uint256 endsAt);
    /// @notice What is left is not to be minted while disputes are open.
    error DisputesOpen(BatchId batchId, uint32 openDisputes);
    /// @notice The batch is suspended; `causes` has bits of `SuspensionCause`.
    error BatchSuspended(BatchId batchId, uint8 causes);
    /// @notice A leaf is struck once.
    error LeafAlreadyStruck(BatchId batchId, LeafIndex index);
    /// @notice No leaf of the batch has this index and these milligrams [start, end).
    error LeafOutOfRange(BatchId batchId, LeafIndex index, uint64 start, uint64 end);
    /// @notice Only the contract of disputes may call; for suspension also a regulator.
    error CallerNotDisputes(address caller);
    /// @notice A batch takes 65,535 open disputes of a kind at most.
    error TooManyDisputes(BatchId batchId, DisputeKind kind);
    /// @notice There is no dispute of this kind to count out.
    error NoDisputeOpen(BatchId batchId, DisputeKind kind);
    /// @notice None, or causes that are not the caller's to set or lift.
    error CausesOutOfRange(uint8 causes);
    /// @notice The region's verifiers, the operator's firm aside, are of no more firms than attest: none
    /// would be left to rule on the batch.
    error QuorumFirmsTooFew(uint256 firms, uint8 threshold);
    /// @notice A threshold of zero would let anything pass.
    error ThresholdZero();
    /// @notice Sets are numbered 1 to 32; 0 stands for any verifier.
    error VerifierSetOutOfRange(uint8 verifierSet);
    /// @notice Commits and mints are paused.
    error IssuancePaused();
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    event BatchCommitted(
        BatchId indexed batchId,
        address indexed operator,
        bytes32 root,
        Milligrams totalMilligrams,
        uint32 leafCount,
        address[] attesters,
        bytes32 leavesHash
    );
    event BatchMinted(BatchId indexed batchId, address indexed operator, Milligrams milligrams);
    /// @notice What was left at the end of the claim period.
    event BatchCompleted(BatchId indexed batchId, address indexed operator, Milligrams milligrams);
    /// @notice Milligrams [start, end) of a leaf don't count any more; `strikesHash` chains all strikes of
    /// the batch in order.
    event LeafStruck(BatchId indexed batchId, LeafIndex index, uint64 start, uint64 end, bytes32 strikesHash);
    /// @notice Bits of `SuspensionCause` after a change; 0: the batch moves again.
    event SuspensionSet(BatchId indexed batchId, uint8 causes);
    /// @notice `replaced`: by retiring equal grams of another batch; else by burning grams of this one.
    event ShortfallCured(
        BatchId indexed batchId,
        address indexed operator,
        Milligrams milligrams,
        bool replaced
    );
    event QuorumSet(bytes8 indexed region, uint8 threshold, uint8 verifierSet);
    event ChallengeWindowSet(uint32 window);
    event LeastClaimPeriodSet(uint32 leastDays);
    event PausedSet(bool paused);
    event KeySchemeSet(bytes32 indexed keySchemeHash, bool allowed);

    /// @notice Commits a batch. The caller is the statement's operator and will receive its mint.
    /// @param methodologyIds What the statement's `methodologiesHash` stands for, ascending.
    /// @param signatures One per attester, attesters strictly ascending by address and each of another firm,
    /// exactly as many as the quorum: 65 bytes (r, s, v) of an account's key, else 20 bytes of a contract's
    /// address, what its ERC-1271 `isValidSignature` takes, and a byte 0.
    /// @dev Reverts IssuancePaused, CallerNotOperator, OperatorNotRegistered, StatementExpired,
    /// StatementIncomplete, BatchIdReserved, TotalOutOfRange, LeafCountOutOfRange, SubjectlessExceedsTotal,
    /// VintageOutOfRange, CategoryOutOfRange, HostCountryMalformed, AdjustmentOutOfRange,
    /// UseByBeforeVintageEnd,
    /// ClaimPeriodTooShort, ClaimPeriodTooLong, KeySchemeNotAllowed, BatchKnown, RootKnown,
    /// PreviousBatchMismatch, MethodologiesMismatch, MethodologyNotUsable, QuorumFirmsTooFew, QuorumTooSmall,
    /// QuorumTooLarge, SignatureInvalid, SignersNotAscending, SignerNotEntitled, SignerExcluded, FirmKnown,
    /// BufferExceedsTotal, DayOutOfRange.
    function commit(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external;

    /// @notice `commit` and `mint` in one, where there is no challenge window.
    /// @dev Reverts as both.
    function commitAndMint(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external;

    /// @notice Mints total - struck - buffer to the operator, once, after the challenge window; nothing where
    /// strikes left no more than the buffer, which `mintRest` mints. Operator only.
    /// @dev Reverts IssuancePaused, BatchUnknown, CallerNotOperator, OperatorNotRegistered,
    /// BatchAlreadyMinted, ChallengeWindowOpen, BatchSuspended.
    function mint(BatchId batchId) external;

    /// @notice Mints what is left to the operator, once, after the claim period, with no dispute open.
    /// Operator only.
    /// @dev Reverts IssuancePaused, BatchUnknown, CallerNotOperator, OperatorNotRegistered, BatchNotMinted,
    /// BatchAlreadyMinted, ClaimPeriodOpen, DisputesOpen, BatchSuspended.
    function mintRest(BatchId batchId) external;

    /// @notice The operator burns circulating grams of its own to make a shortfall good.
    /// @dev Reverts BatchUnknown, CallerNotOperator, CureOutOfRange, and as `ICarbonCredit.burnByIssuer`.
    function cureByBurning(BatchId batchId, Milligrams milligrams) external;

    /// @notice Books grams of another batch that `operator` retired to make a shortfall good. Retirement
    /// registry only.
    /// @dev Reverts CallerNotRetirements, BatchUnknown, CallerNotOperator, CureOutOfRange.
    function recordReplacement(BatchId batchId, address operator, Milligrams milligrams) external;

    /// @notice Strikes a leaf with its proven range [start, end) of milligrams; a shortfall suspends.
    /// Contract of disputes only.
    /// @dev Reverts CallerNotDisputes, BatchUnknown, LeafAlreadyStruck, LeafOutOfRange, StrikeExceedsTotal.
    function strike(BatchId batchId, LeafIndex index, uint64 start, uint64 end) external;

    /// @notice Counts a dispute in, among those of its kind, so that the rest isn't minted meanwhile.
    /// Contract of disputes only.
    /// @dev Reverts CallerNotDisputes, BatchUnknown, TooManyDisputes.
    function openDispute(BatchId batchId, DisputeKind kind) external;

    /// @notice Counts a dispute out. Contract of disputes only.
    /// @dev Reverts CallerNotDisputes, BatchUnknown, NoDisputeOpen.
    function closeDispute(BatchId batchId, DisputeKind kind) external;

    /// @notice Sets causes of suspension; mints, transfers, pooling and retirement of the batch stop.
    /// Contract of disputes, for `SuspensionCause.LIFTABLE`; regulators, for `SuspensionCause.ORDER`: neither
    /// undoes what the other did.
    /// @dev Reverts CallerNotDisputes, CausesOutOfRange, BatchUnknown.
    function suspend(BatchId batchId, uint8 causes) external;

    /// @notice Lifts causes of suspension. Callers and errors as `suspend`.
    function reinstate(BatchId batchId, uint8 causes) external;

    /// @notice Signatures that a commit of this region needs at least, and the verifier set (0: any verifier)
    /// they must come from. Region 0: for all regions without terms of their own; threshold 0 there is
    /// refused, elsewhere it removes the region's own. Restricted by the access manager.
    /// @dev Reverts ThresholdZero, VerifierSetOutOfRange.
    function setQuorum(bytes8 region, uint8 threshold, uint8 verifierSet) external;

    /// @notice Seconds between commit and mint, 0 to 16,777,215. Binds batches committed later. Restricted by
    /// the access manager.
    /// @dev Reverts ChallengeWindowTooLong.
    function setChallengeWindow(uint32 window) external;

    /// @notice Days for which the buffer of batches committed later is held back at least, 0 to 65,535.
    /// Restricted by the access manager.
    /// @dev Reverts ClaimPeriodTooLong.
    function setLeastClaimPeriod(uint32 leastDays) external;

    /// @notice Stops or resumes commits and mints, nothing else. Restricted by the access manager.
    function setPaused(bool paused) external;

    /// @notice Allows or forbids a key scheme for later commits. Restricted by the access manager.
    function setKeyScheme(bytes32 keySchemeHash, bool allowed) external;

    /// @notice All zero where the batch is unknown.
    function batchOf(BatchId batchId) external view returns (Batch memory);

    /// @notice The operator's latest batch, which may be of the wallet whose place it took; 0 for none.
    function headOf(address operator) external view returns (BatchId batchId);

    /// @notice The batch that committed to a root, 0 for none.
    function batchOfRoot(bytes32 root) external view returns (BatchId batchId);

    /// @notice What commits of a region need: its own terms, or else those of region 0.
    function quorumOf(bytes8 region) external view returns (uint8 threshold, uint8 verifierSet);

    /// @notice Seconds; what batches committed now will wait.
    function challengeWindow() external view returns (uint32);

    /// @notice Days.
    function leastClaimPeriod() external view returns (uint32);

    function isPaused() external view returns (bool);

    function keySchemeAllowed(bytes32 keySchemeHash) external view returns (bool);

    /// @notice What a proof against the batch is checked with; zeros where it is unknown. The root is checked
    /// by `batchOfRoot`.
    function commitmentOf(BatchId batchId) external view returns (Milligrams totalMg, uint32 leafCount);

    /// @notice What a pool asks about a batch: the hash of its `Provenance`, last day of its vintage, region.
    /// Zeros where it is unknown.
    function originOf(
        BatchId batchId
    ) external view returns (bytes32 provenanceHash, Day vintageEndDay, bytes8 region);

    /// @notice How many disputes about the batch are open, of all kinds together.
    function openDisputesOf(BatchId batchId) external view returns (uint32);

    /// @notice True where the leaf at this index was struck.
    function isStruck(BatchId batchId, LeafIndex index) external view returns (bool);

    /// @notice The serial range [start, end) of a leaf in milligrams, once its inclusion is proved.
    /// @param leaf 179 bytes.
    /// @param index 0-based position of the leaf.
    /// @param siblings From leaf to root.
    /// @dev Reverts BatchUnknown, LeafLengthWrong, LeafVersionUnknown, LeafIndexOutOfRange, ProofLengthWrong,
    /// NodeSizeOutOfRange, RootMismatch, TotalMismatch; without a reason where a size does not fit 64 bits.
    function verifyLeaf(
        BatchId batchId,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) external view returns (uint64 start, uint64 end);

    /// @notice True where the proved leaf shows that `key` is not in the batch: between its key and the next,
    /// or below the first. False says that this leaf shows nothing about the key, or breaks the batch's chain
    /// of keys.
    /// @dev Reverts as `verifyLeaf`.
    function verifyAbsence(
        BatchId batchId,
        bytes32 key,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) external view returns (bool);

    /// @notice The EIP-712 digest that verifiers sign; domain ("Microtonne BatchRegistry", "2", chain id,
    /// this contract).
    function hashStatement(BatchStatement calldata statement) external view returns (bytes32 digest);
}
