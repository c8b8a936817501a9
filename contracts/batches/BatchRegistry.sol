// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {ICreditIssuer} from "../interfaces/ICreditIssuer.sol";
import {Accounting} from "../libraries/Accounting.sol";
import {Serials} from "../libraries/Serials.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {UseBy} from "../libraries/UseBy.sol";
import {Batch, BatchAccount, BatchStatus, StoredBatch} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {BatchStatement} from "../types/BatchStatement.sol";
import {Day} from "../types/Day.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {RetirementAmount, RetirementLine} from "../types/Retirement.sol";
import {SumNode} from "../types/SumNode.sol";
import {BatchAccounts} from "./BatchAccounts.sol";
import {BatchCommits} from "./BatchCommits.sol";
import {BatchLinks} from "./BatchLinks.sol";
import {BatchSafety} from "./BatchSafety.sol";
import {BatchSettings} from "./BatchSettings.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title Commits batches and keeps their accounts. See IBatchRegistry.
/// @dev Parts: settings, commits, safety; here the mints, the cursor and the views.
contract BatchRegistry is BatchCommits, BatchSafety {
    using BatchAccounts for StoredBatch;

    /// @param threshold As `setQuorum` for region 0 and any verifier.
    /// @param window As `setChallengeWindow`.
    constructor(
        address manager,
        Links memory links,
        uint8 threshold,
        uint32 window
    ) BatchLinks(links) BatchSettings(manager, threshold, window) {}

    /// @inheritdoc IBatchRegistry
    function commit(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external nonReentrant {
        requireNotPaused();
        commitBatch(statement, methodologyIds, signatures, false);
    }

    /// @inheritdoc IBatchRegistry
    function commitAndMint(
        BatchStatement calldata statement,
        bytes32[] calldata methodologyIds,
        bytes[] calldata signatures
    ) external nonReentrant {
        requireNotPaused();
        uint32 window = BatchStorage.layout().settings.challengeWindow;
        require(window == 0, ChallengeWindowOpen(statement.batchId, block.timestamp + window));
        Milligrams milligrams = commitBatch(statement, methodologyIds, signatures, true);
        emit BatchMinted(statement.batchId, statement.operator, milligrams);

        issue(statement.batchId, Milligrams.unwrap(milligrams));
    }

    /// @inheritdoc IBatchRegistry
    function mint(BatchId batchId) external nonReentrant {
        StoredBatch storage batch = issuable(batchId);
        require(batch.status == BatchStatus.Committed, BatchAlreadyMinted(batchId));
        uint256 windowEnd = uint256(batch.committedAt) + batch.challengeWindow;
        require(block.timestamp >= windowEnd, ChallengeWindowOpen(batchId, windowEnd));
        requireMoving(batchId, batch);
        BatchAccount memory account = batch.load();
        uint64 minted;
        (account, minted) = Accounting.mintMain(account, Milligrams.unwrap(batch.bufferMg));

        batch.status = BatchStatus.Minted;
        batch.save(account);
        emit BatchMinted(batchId, msg.sender, Milligrams.wrap(minted));

        issue(batchId, minted);
    }

    /// @inheritdoc IBatchRegistry
    function mintRest(BatchId batchId) external nonReentrant {
        StoredBatch storage batch = issuable(batchId);
        BatchStatus status = batch.status;
        require(status >= BatchStatus.Minted, BatchNotMinted(batchId));
        require(status == BatchStatus.Minted, BatchAlreadyMinted(batchId));
        uint256 claimsEnd = uint256(batch.committedAt) + uint256(batch.claimPeriodDays) * 1 days;
        require(block.timestamp >= claimsEnd, ClaimPeriodOpen(batchId, claimsEnd));
        uint32 open = batch.openDisputes();
        require(open == 0, DisputesOpen(batchId, open));
        requireMoving(batchId, batch);
        BatchAccount memory account = batch.load();
        uint64 minted;
        (account, minted) = Accounting.mintRest(account);

        batch.status = BatchStatus.Completed;
        batch.save(account);
        emit BatchCompleted(batchId, msg.sender, Milligrams.wrap(minted));

        issue(batchId, minted);
    }

    /// @inheritdoc IBatchRegistry
    function batchOf(BatchId batchId) external view returns (Batch memory) {
        return BatchStorage.layout().batches[batchId].flat();
    }

    /// @inheritdoc IBatchRegistry
    function headOf(address operator) external view returns (BatchId batchId) {
        return latestOf(operator);
    }

    /// @inheritdoc IBatchRegistry
    function batchOfRoot(bytes32 root) external view returns (BatchId batchId) {
        return BatchStorage.layout().batchOfRoot[root];
    }

    /// @inheritdoc ICreditIssuer
    function circulatingOf(uint256 batchId) external view returns (uint256 amount) {
        StoredBatch storage batch = BatchStorage.layout().batches[BatchId.wrap(batchId)];
        return
            Serials.toBaseUnits(
                Milligrams.wrap(Milligrams.unwrap(batch.mintedMg) - Milligrams.unwrap(batch.retiredMg))
            );
    }

    /// @inheritdoc IBatchRegistry
    function commitmentOf(BatchId batchId) external view returns (Milligrams totalMg, uint32 leafCount) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        return (batch.totalMg, batch.leafCount);
    }

    /// @inheritdoc IBatchRegistry
    function originOf(
        BatchId batchId
    ) external view returns (bytes32 provenanceHash, Day vintageEndDay, bytes8 region) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        return (batch.provenanceHash, batch.vintageEndDay.widened(), batch.region);
    }

    /// @inheritdoc IBatchRegistry
    function openDisputesOf(BatchId batchId) external view returns (uint32) {
        return BatchStorage.layout().batches[batchId].openDisputes();
    }

    /// @inheritdoc IBatchRegistry
    function verifyLeaf(
        BatchId batchId,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) external view returns (uint64 start, uint64 end) {
        bytes32 root;
        (root, start, end) = SumTree.rangeOf(knownCommitment(batchId), leaf, index, siblings);
        requireRoot(batchId, root);
    }

    /// @inheritdoc IBatchRegistry
    function verifyAbsence(
        BatchId batchId,
        bytes32 key,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) external view returns (bool absent) {
        bytes32 root;
        (root, absent) = SumTree.isAbsent(knownCommitment(batchId), key, leaf, index, siblings);
        requireRoot(batchId, root);
    }

    /// @dev Takes the next range at the batch's cursor.
    function useUp(RetirementAmount calldata amount) internal override returns (RetirementLine memory) {
        BatchId batchId = BatchId.wrap(amount.batchId);
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        require(batch.status >= BatchStatus.Minted, BatchNotMinted(batchId));
        requireMoving(batchId, batch);
        Day useByDay = batch.useByDay.widened();
        require(!UseBy.isOver(useByDay, block.timestamp), BatchExpired(batchId, useByDay));
        BatchAccount memory account = batch.load();
        uint64 start;
        uint64 end;
        (account, start, end) = Accounting.retire(account, Milligrams.unwrap(amount.milligrams));
        batch.retiredMg = Milligrams.wrap(end);
        return RetirementLine(BatchId.unwrap(batchId), start, end);
    }

    /// @dev A batch that the caller, its active operator, may mint while nothing is paused.
    function issuable(BatchId batchId) private view returns (StoredBatch storage batch) {
        requireNotPaused();
        batch = knownBatch(batchId);
        requireOperator(msg.sender, batch.operator);
        requireActiveOperator(msg.sender);
    }

    /// @dev Credits of what was just minted to the caller, the batch's operator. Strikes may have left none.
    function issue(BatchId batchId, uint64 minted) private {
        if (minted == 0) return;
        credit.mint(msg.sender, BatchId.unwrap(batchId), Serials.toBaseUnits(Milligrams.wrap(minted)));
    }

    function requireRoot(BatchId batchId, bytes32 root) private view {
        require(
            BatchId.unwrap(BatchStorage.layout().batchOfRoot[root]) == BatchId.unwrap(batchId),
            SumTree.RootMismatch(root, batchId)
        );
    }

    function knownCommitment(BatchId batchId) private view returns (SumTree.Commitment memory commitment) {
        StoredBatch storage batch = BatchStorage.layout().batches[batchId];
        (commitment.totalMg, commitment.leafCount) = (batch.totalMg, batch.leafCount);
        // Every batch has leaves.
        require(commitment.leafCount > 0, BatchUnknown(batchId));
    }
}
