// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Batch} from "../types/Batch.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {SumNode} from "../types/SumNode.sol";

/// @title Commits sealed batches that a quorum of verifiers attested, and keeps their accounts.
/// @notice Source of the rules: batch format, "Accounting of a batch on chain" and "Manifest". Masses are whole milligrams.
interface IBatchRegistry {
    /// @notice Only the operator that the statement or the batch names may call.
    error CallerNotOperator(address caller, address operator);
    /// @notice The operator is not an active participant of kind operator.
    error OperatorNotRegistered(address operator);
    /// @notice Deadline and block time in unix seconds.
    error StatementExpired(uint64 deadline, uint256 blockTime);
    error BatchKnown(uint256 batchId);
    /// @notice Another batch committed to the same root.
    error RootKnown(bytes32 root, uint256 batchId);
    /// @notice The statement does not follow the operator's latest batch; `head` is that batch, 0 for none.
    error PreviousBatchMismatch(uint256 previousBatchId, uint256 head);
    /// @notice Activity keys of this scheme are not comparable with the others here.
    error KeySchemeNotAllowed(bytes32 keySchemeHash);
    /// @notice Batch id, root and region must not be zero.
    error StatementIncomplete();
    /// @notice A total must be above zero and below 2^63.
    error TotalOutOfRange(uint64 totalMilligrams);
    /// @notice A leaf is a milligram at least, and there is one at least.
    error LeafCountOutOfRange(uint32 leafCount, uint64 totalMilligrams);
    /// @notice More milligrams without a subject than there are in all.
    error SubjectlessExceedsTotal(uint64 subjectlessMilligrams, uint64 totalMilligrams);
    /// @notice The vintage ends before it starts.
    error VintageBackwards(uint32 startDay, uint32 endDay);
    error BatchUnknown(uint256 batchId);
    error BatchAlreadyMinted(uint256 batchId);
    error BatchNotMinted(uint256 batchId);
    /// @notice Not to be minted before `endsAt`, unix seconds.
    error ChallengeWindowOpen(uint256 batchId, uint256 endsAt);
    /// @notice Only the retirement registry may call.
    error CallerNotRetirements(address caller);
    /// @notice A threshold of zero would let anything pass.
    error ThresholdZero();
    /// @notice A contract that this one depends on was given as the zero address.
    error ZeroDependency();

    event BatchCommitted(
        uint256 indexed batchId,
        address indexed operator,
        bytes32 root,
        uint64 totalMilligrams,
        uint32 leafCount,
        address[] attesters,
        bytes32 leavesHash
    );
    event BatchMinted(uint256 indexed batchId, address indexed operator, uint64 milligrams);
    event VerifierThresholdSet(uint8 threshold);
    event ChallengeWindowSet(uint32 window);
    event KeySchemeSet(bytes32 indexed keySchemeHash, bool allowed);

    /// @notice Commits a batch. The caller is the statement's operator and will receive its mint.
    /// @param signatures One per attester, attesters strictly ascending by address: 65 bytes (r, s, v) of an account's key, else 20 bytes of
    /// a contract's address and what its ERC-1271 `isValidSignature` takes.
    /// @dev Reverts CallerNotOperator, OperatorNotRegistered, StatementExpired, StatementIncomplete, TotalOutOfRange, LeafCountOutOfRange,
    /// SubjectlessExceedsTotal, VintageBackwards, BufferExceedsMintable, KeySchemeNotAllowed, BatchKnown, RootKnown,
    /// PreviousBatchMismatch, QuorumTooSmall, SignatureInvalid, AttestersNotAscending, AttesterNotVerifier, AttesterIsOperator.
    function commit(BatchStatement calldata statement, bytes[] calldata signatures) external;

    /// @notice Mints total - struck - buffer to the operator, once, after the challenge window. Operator only.
    /// @dev Reverts BatchUnknown, CallerNotOperator, OperatorNotRegistered, BatchAlreadyMinted, ChallengeWindowOpen, BufferExceedsMintable.
    function mint(uint256 batchId) external;

    /// @notice Moves the cursor of retired milligrams on and returns the serial range [start, end). Retirement registry only.
    /// @dev Reverts CallerNotRetirements, BatchNotMinted, RetirementExceedsMinted.
    function recordRetirement(uint256 batchId, uint64 milligrams) external returns (uint64 start, uint64 end);

    /// @notice Signatures that a commit needs at least. Restricted by the access manager.
    /// @dev Reverts ThresholdZero.
    function setVerifierThreshold(uint8 threshold) external;

    /// @notice Seconds between commit and mint, 0 allowed. Binds batches that are not minted yet. Restricted by the access manager.
    function setChallengeWindow(uint32 window) external;

    /// @notice Allows or forbids a key scheme for later commits. Restricted by the access manager.
    function setKeyScheme(bytes32 keySchemeHash, bool allowed) external;

    /// @notice All zero where the batch is unknown.
    function batchOf(uint256 batchId) external view returns (Batch memory);

    /// @notice The operator's latest batch, 0 for none.
    function headOf(address operator) external view returns (uint256 batchId);

    /// @notice The batch that committed to a root, 0 for none.
    function batchOfRoot(bytes32 root) external view returns (uint256 batchId);

    function verifierThreshold() external view returns (uint8);

    /// @notice Seconds.
    function challengeWindow() external view returns (uint32);

    function keySchemeAllowed(bytes32 keySchemeHash) external view returns (bool);

    /// @notice The serial range [start, end) of a leaf in milligrams, once its inclusion is proved.
    /// @param leaf 179 bytes.
    /// @param index 0-based position of the leaf.
    /// @param siblings From leaf to root.
    /// @dev Reverts BatchUnknown, LeafLengthWrong, LeafVersionUnknown, LeafIndexOutOfRange, ProofLengthWrong, NodeSizeOutOfRange,
    /// RootMismatch, TotalMismatch; without a reason where a size does not fit 64 bits.
    function verifyLeaf(
        uint256 batchId,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (uint64 start, uint64 end);

    /// @notice True where the proved leaf shows that `key` is not in the batch: between its key and the next, or below the first.
    /// False says that this leaf shows nothing about the key, or breaks the batch's chain of keys.
    /// @dev Reverts as `verifyLeaf`.
    function verifyAbsence(
        uint256 batchId,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (bool);

    /// @notice The EIP-712 digest that verifiers sign; domain ("Microtonne BatchRegistry", "1", chain id, this contract).
    function hashStatement(BatchStatement calldata statement) external view returns (bytes32 digest);
}
