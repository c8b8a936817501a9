// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICarbonCredit} from "../interfaces/ICarbonCredit.sol";
import {IParticipantRegistry} from "../interfaces/IParticipantRegistry.sol";
import {Accounting} from "../libraries/Accounting.sol";
import {Quorum} from "../libraries/Quorum.sol";
import {Serials} from "../libraries/Serials.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Batch, BatchAccount, BatchStatus, StoredBatch} from "../types/Batch.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {SumNode} from "../types/SumNode.sol";
import {BatchStorage} from "./BatchStorage.sol";
import {BatchView} from "./BatchView.sol";

/// @title Commits batches and keeps their accounts. See IBatchRegistry.
contract BatchRegistry is IBatchRegistry, AccessManaged, EIP712, ReentrancyGuardTransient {
    bytes32 private constant STATEMENT_TYPE_HASH = keccak256(
        "BatchStatement(uint256 batchId,address operator,bytes32 root,uint64 totalMilligrams,uint32 leafCount,"
        "uint64 bufferMilligrams,uint32 claimPeriodDays,uint32 vintageStartDay,uint32 vintageEndDay,bytes8 region,"
        "bytes32 methodologiesHash,bytes32 keySchemeHash,bytes32 leavesHash,uint64 subjectlessMilligrams,"
        "uint256 previousBatchId,uint64 deadline)"
    );

    IParticipantRegistry public immutable participants;
    ICarbonCredit public immutable credit;
    /// @notice The only caller of `recordRetirement`.
    address public immutable retirements;

    /// @param threshold As `setVerifierThreshold`.
    /// @param window As `setChallengeWindow`.
    /// @dev The addresses of credit and retirements are those that the deployer will create next.
    constructor(
        address manager,
        IParticipantRegistry participants_,
        ICarbonCredit credit_,
        address retirements_,
        uint8 threshold,
        uint32 window
    ) AccessManaged(manager) EIP712("Microtonne BatchRegistry", "1") {
        require(address(participants_) != address(0) && address(credit_) != address(0) && retirements_ != address(0), ZeroDependency());
        participants = participants_;
        credit = credit_;
        retirements = retirements_;
        applyVerifierThreshold(threshold);
        applyChallengeWindow(window);
    }

    /// @inheritdoc IBatchRegistry
    function commit(BatchStatement calldata statement, bytes[] calldata signatures) external nonReentrant {
        checkOperator(statement.operator);
        checkFields(statement);
        BatchStorage.Layout storage $ = BatchStorage.layout();
        checkPlace($, statement);
        address[] memory attesters = Quorum.attestersOf(
            hashStatement(statement),
            signatures,
            $.verifierThreshold,
            statement.operator,
            participants
        );

        store($, statement, Quorum.hashOf(attesters));
        emit BatchCommitted(
            statement.batchId,
            statement.operator,
            statement.root,
            statement.totalMilligrams,
            statement.leafCount,
            attesters,
            statement.leavesHash
        );
    }

    /// @inheritdoc IBatchRegistry
    function mint(uint256 batchId) external nonReentrant {
        BatchStorage.Layout storage $ = BatchStorage.layout();
        StoredBatch storage batch = $.batches[batchId];
        BatchStatus status = batch.status;
        require(status != BatchStatus.None, BatchUnknown(batchId));
        address operator = batch.operator;
        checkOperator(operator);
        require(status == BatchStatus.Committed, BatchAlreadyMinted(batchId));
        uint256 windowEnd = uint256(batch.committedAt) + $.challengeWindow;
        require(block.timestamp >= windowEnd, ChallengeWindowOpen(batchId, windowEnd));

        uint64 mintedMg = batch.account.mintedMg;
        uint64 unmintedMg = batch.account.unmintedMg;
        uint64 milligrams = Accounting.mintable(unmintedMg, batch.bufferMg);

        batch.status = BatchStatus.Minted;
        storeMinted(batch.account, mintedMg + milligrams, unmintedMg - milligrams);
        emit BatchMinted(batchId, operator, milligrams);

        credit.mint(operator, batchId, Serials.toBaseUnits(milligrams));
    }

    /// @inheritdoc IBatchRegistry
    function recordRetirement(uint256 batchId, uint64 milligrams) external nonReentrant returns (uint64 start, uint64 end) {
        require(msg.sender == retirements, CallerNotRetirements(msg.sender));
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        require(batch.status == BatchStatus.Minted, BatchNotMinted(batchId));
        BatchAccount memory account = batch.account;
        (start, end) = Accounting.retire(account, milligrams);
        batch.account.retiredMg = account.retiredMg;
    }

    /// @inheritdoc IBatchRegistry
    function setVerifierThreshold(uint8 threshold) external restricted {
        applyVerifierThreshold(threshold);
    }

    /// @inheritdoc IBatchRegistry
    function setChallengeWindow(uint32 window) external restricted {
        applyChallengeWindow(window);
    }

    /// @inheritdoc IBatchRegistry
    function setKeyScheme(bytes32 keySchemeHash, bool allowed) external restricted {
        BatchStorage.layout().keySchemes[keySchemeHash] = allowed;
        emit KeySchemeSet(keySchemeHash, allowed);
    }

    /// @inheritdoc IBatchRegistry
    function batchOf(uint256 batchId) external view returns (Batch memory) {
        return BatchView.flat(BatchStorage.layout().batches[batchId]);
    }

    /// @inheritdoc IBatchRegistry
    function headOf(address operator) external view returns (uint256 batchId) {
        return BatchStorage.layout().headOf[operator];
    }

    /// @inheritdoc IBatchRegistry
    function batchOfRoot(bytes32 root) external view returns (uint256 batchId) {
        return BatchStorage.layout().batchOfRoot[root];
    }

    /// @inheritdoc IBatchRegistry
    function verifierThreshold() external view returns (uint8) {
        return BatchStorage.layout().verifierThreshold;
    }

    /// @inheritdoc IBatchRegistry
    function challengeWindow() external view returns (uint32) {
        return BatchStorage.layout().challengeWindow;
    }

    /// @inheritdoc IBatchRegistry
    function keySchemeAllowed(bytes32 keySchemeHash) external view returns (bool) {
        return BatchStorage.layout().keySchemes[keySchemeHash];
    }

    /// @inheritdoc IBatchRegistry
    function verifyLeaf(
        uint256 batchId,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (uint64 start, uint64 end) {
        return SumTree.rangeOf(commitmentOf(batchId), leaf, index, siblings);
    }

    /// @inheritdoc IBatchRegistry
    function verifyAbsence(
        uint256 batchId,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external view returns (bool) {
        return SumTree.isAbsent(commitmentOf(batchId), key, leaf, index, siblings);
    }

    /// @inheritdoc IBatchRegistry
    function hashStatement(BatchStatement calldata statement) public view returns (bytes32 digest) {
        // Every field is static, so abi.encode lays them out just as EIP-712 encodes them.
        return _hashTypedDataV4(keccak256(abi.encode(STATEMENT_TYPE_HASH, statement)));
    }

    function checkOperator(address operator) private view {
        require(msg.sender == operator, CallerNotOperator(msg.sender, operator));
        require(participants.hasKind(operator, ParticipantKinds.OPERATOR), OperatorNotRegistered(operator));
    }

    function checkFields(BatchStatement calldata statement) private view {
        uint64 total = statement.totalMilligrams;
        require(block.timestamp <= statement.deadline, StatementExpired(statement.deadline, block.timestamp));
        require(statement.batchId != 0 && statement.root != 0 && statement.region != 0, StatementIncomplete());
        require(total > 0 && total < Serials.LIMIT, TotalOutOfRange(total));
        require(statement.leafCount > 0 && statement.leafCount <= total, LeafCountOutOfRange(statement.leafCount, total));
        require(statement.subjectlessMilligrams <= total, SubjectlessExceedsTotal(statement.subjectlessMilligrams, total));
        require(statement.vintageStartDay <= statement.vintageEndDay, VintageBackwards(statement.vintageStartDay, statement.vintageEndDay));
    }

    function checkPlace(BatchStorage.Layout storage $, BatchStatement calldata statement) private view {
        uint256 batchId = statement.batchId;
        require($.keySchemes[statement.keySchemeHash], KeySchemeNotAllowed(statement.keySchemeHash));
        require($.batches[batchId].status == BatchStatus.None, BatchKnown(batchId));
        uint256 sameRoot = $.batchOfRoot[statement.root];
        require(sameRoot == 0, RootKnown(statement.root, sameRoot));
        uint256 head = $.headOf[statement.operator];
        require(statement.previousBatchId == head, PreviousBatchMismatch(statement.previousBatchId, head));
    }

    function store(BatchStorage.Layout storage $, BatchStatement calldata statement, bytes32 attestersHash) private {
        StoredBatch storage batch = $.batches[statement.batchId];
        batch.root = statement.root;
        BatchAccount memory account = Accounting.open(statement.totalMilligrams, statement.bufferMilligrams);
        storeOpening(batch.account, account.totalMg, account.unmintedMg);
        storeOrigin(batch, statement.operator, statement.leafCount);
        batch.attestersHash = attestersHash;
        storeTerms(
            batch,
            statement.vintageStartDay,
            statement.vintageEndDay,
            statement.claimPeriodDays,
            statement.region,
            statement.bufferMilligrams
        );
        $.batchOfRoot[statement.root] = statement.batchId;
        $.headOf[statement.operator] = statement.batchId;
    }

    /// @dev Not the whole account: its second word stays untouched. Values come as arguments here and below, so that the compiler writes their
    /// common slot once.
    function storeOpening(BatchAccount storage account, uint64 totalMg, uint64 unmintedMg) private {
        account.totalMg = totalMg;
        account.unmintedMg = unmintedMg;
    }

    function storeMinted(BatchAccount storage account, uint64 mintedMg, uint64 unmintedMg) private {
        account.mintedMg = mintedMg;
        account.unmintedMg = unmintedMg;
    }

    function storeOrigin(StoredBatch storage batch, address operator, uint32 leafCount) private {
        batch.operator = operator;
        batch.committedAt = uint40(block.timestamp);
        batch.leafCount = leafCount;
        batch.status = BatchStatus.Committed;
    }

    function storeTerms(
        StoredBatch storage batch,
        uint32 startDay,
        uint32 endDay,
        uint32 claimDays,
        bytes8 region,
        uint64 bufferMg
    ) private {
        batch.vintageStartDay = startDay;
        batch.vintageEndDay = endDay;
        batch.claimPeriodDays = claimDays;
        batch.region = region;
        batch.bufferMg = bufferMg;
    }

    function commitmentOf(uint256 batchId) private view returns (SumTree.Commitment memory commitment) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        require(batch.status != BatchStatus.None, BatchUnknown(batchId));
        commitment.root = batch.root;
        commitment.totalMg = batch.account.totalMg;
        commitment.leafCount = batch.leafCount;
    }

    function applyVerifierThreshold(uint8 threshold) private {
        require(threshold > 0, ThresholdZero());
        BatchStorage.layout().verifierThreshold = threshold;
        emit VerifierThresholdSet(threshold);
    }

    function applyChallengeWindow(uint32 window) private {
        BatchStorage.layout().challengeWindow = window;
        emit ChallengeWindowSet(window);
    }
}
