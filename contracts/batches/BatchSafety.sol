// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IBatchRegistry} from "../interfaces/IBatchRegistry.sol";
import {Accounting} from "../libraries/Accounting.sol";
import {Serials} from "../libraries/Serials.sol";
import {BatchAccount, DisputeKind, StoredBatch, SuspensionCause} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {ParticipantKinds} from "../types/Participant.sol";
import {BatchAccounts} from "./BatchAccounts.sol";
import {BatchLinks} from "./BatchLinks.sol";
import {BatchStorage} from "./BatchStorage.sol";

/// @title What happens to a batch that turns out wrong: strikes, cures, disputes, suspension.
/// @dev The token holds a copy of "suspended", so that a transfer reads one word there; only `impose` and
/// `lift` change either.
abstract contract BatchSafety is BatchLinks {
    using BatchAccounts for StoredBatch;
    using BitMaps for BitMaps.BitMap;

    /// @inheritdoc IBatchRegistry
    function strike(
        BatchId batchId,
        LeafIndex index,
        uint64 start,
        uint64 end
    ) external onlyDisputes nonReentrant {
        StoredBatch storage batch = knownBatch(batchId);
        BitMaps.BitMap storage struckLeaves = BatchStorage.layout().struckLeaves[batchId];
        require(!struckLeaves.get(LeafIndex.unwrap(index)), LeafAlreadyStruck(batchId, index));
        bool isLeaf =
            LeafIndex.unwrap(index) < batch.leafCount &&
                start < end &&
                end <= Milligrams.unwrap(batch.totalMg);
        require(isLeaf, LeafOutOfRange(batchId, index, start, end));
        BatchAccount memory account = batch.load();
        account = Accounting.strike(account, end - start);

        struckLeaves.set(LeafIndex.unwrap(index));
        batch.save(account);
        // Source: batch format, "Serials under strikes"; index, start and end as uint64.
        bytes32 strikesHash = keccak256(
            abi.encodePacked(batch.strikesHash, uint64(LeafIndex.unwrap(index)), start, end)
        );
        batch.strikesHash = strikesHash;
        emit LeafStruck(batchId, index, start, end, strikesHash);

        if (account.shortfallMg > 0) impose(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc IBatchRegistry
    function cureByBurning(BatchId batchId, Milligrams milligrams) external nonReentrant {
        StoredBatch storage batch = knownBatch(batchId);
        requireOperator(msg.sender, batch.operator);
        BatchAccount memory account = batch.load();
        account = Accounting.cureByBurning(account, Milligrams.unwrap(milligrams));

        batch.save(account);
        emit ShortfallCured(batchId, msg.sender, milligrams, false);

        credit.burnByIssuer(msg.sender, BatchId.unwrap(batchId), Serials.toBaseUnits(milligrams));
        if (account.shortfallMg == 0) lift(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc IBatchRegistry
    function recordReplacement(
        BatchId batchId,
        address operator,
        Milligrams milligrams
    ) external onlyRetirements nonReentrant {
        StoredBatch storage batch = knownBatch(batchId);
        requireOperator(operator, batch.operator);
        BatchAccount memory account = batch.load();
        // Grams of this batch itself can't come here: with a shortfall it is suspended, and what is suspended
        // is not retired.
        account = Accounting.cureByReplacing(account, Milligrams.unwrap(milligrams));

        batch.save(account);
        emit ShortfallCured(batchId, operator, milligrams, true);

        if (account.shortfallMg == 0) lift(batchId, batch, SuspensionCause.SHORTFALL);
    }

    /// @inheritdoc IBatchRegistry
    function openDispute(BatchId batchId, DisputeKind kind) external onlyDisputes {
        StoredBatch storage batch = knownBatch(batchId);
        uint16 open = batch.openOf(kind);
        require(open < type(uint16).max, TooManyDisputes(batchId, kind));
        batch.setOpen(kind, open + 1);
    }

    /// @inheritdoc IBatchRegistry
    function closeDispute(BatchId batchId, DisputeKind kind) external onlyDisputes {
        StoredBatch storage batch = knownBatch(batchId);
        uint16 open = batch.openOf(kind);
        require(open > 0, NoDisputeOpen(batchId, kind));
        batch.setOpen(kind, open - 1);
    }

    /// @inheritdoc IBatchRegistry
    function suspend(BatchId batchId, uint8 causes) external nonReentrant {
        checkCauses(causes);
        impose(batchId, knownBatch(batchId), causes);
    }

    /// @inheritdoc IBatchRegistry
    function reinstate(BatchId batchId, uint8 causes) external nonReentrant {
        checkCauses(causes);
        lift(batchId, knownBatch(batchId), causes);
    }

    /// @inheritdoc IBatchRegistry
    function isStruck(BatchId batchId, LeafIndex index) external view returns (bool) {
        return BatchStorage.layout().struckLeaves[batchId].get(LeafIndex.unwrap(index));
    }

    function impose(BatchId batchId, StoredBatch storage batch, uint8 causes) private {
        uint8 before = batch.suspension;
        if (before | causes == before) return;
        batch.suspension = before | causes;
        ++batch.impositions;
        emit SuspensionSet(batchId, before | causes);
        if (before == 0) credit.setSuspended(BatchId.unwrap(batchId), true);
    }

    function lift(BatchId batchId, StoredBatch storage batch, uint8 causes) private {
        uint8 before = batch.suspension;
        uint8 left = before & ~causes;
        if (left == before) return;
        batch.suspension = left;
        emit SuspensionSet(batchId, left);
        if (left == 0) credit.setSuspended(BatchId.unwrap(batchId), false);
    }

    /// @dev Each side keeps its own causes: no quorum lifts a regulator's order, no order ends what a dispute
    /// found.
    function checkCauses(uint8 causes) private view {
        bool isDisputes = msg.sender == disputes;
        require(
            isDisputes || participants.hasKind(msg.sender, ParticipantKinds.REGULATOR),
            CallerNotDisputes(msg.sender)
        );
        uint8 allowed = isDisputes ? SuspensionCause.LIFTABLE : SuspensionCause.ORDER;
        require(causes != 0 && causes & ~allowed == 0, CausesOutOfRange(causes));
    }
}
