// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {IBatchDisputes} from "../interfaces/IBatchDisputes.sol";
import {LeafCodec} from "../libraries/LeafCodec.sol";
import {Batch, Provenance, SuspensionCause} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {Day} from "../types/Day.sol";
import {LeafProof, LinkFault, TermsFault} from "../types/Dispute.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {MethodologyTerms} from "../types/Methodology.sol";
import {LeafProofs} from "./LeafProofs.sol";

/// @title Faults that proofs show by themselves, so that nobody needs to be heard. See IBatchDisputes.
abstract contract LeafFaults is LeafProofs {
    using BitMaps for BitMaps.BitMap;

    mapping(BatchId batchId => BitMaps.BitMap) private reportedLinks;

    /// @inheritdoc IBatchDisputes
    function reportBrokenLink(LeafProof calldata proof, LeafProof[] calldata next) external {
        prove(proof);
        LinkFault fault = next.length == 0 ? faultAlone(proof) : faultBefore(proof, next[0]);
        require(fault != LinkFault.None, LinkWhole(proof.batchId, proof.index));
        require(
            !reportedLinks[proof.batchId].get(LeafIndex.unwrap(proof.index)),
            LinkKnown(proof.batchId, proof.index)
        );

        reportedLinks[proof.batchId].set(LeafIndex.unwrap(proof.index));
        emit BrokenLinkReported(proof.batchId, proof.index, fault);

        suspend(proof.batchId, SuspensionCause.BROKEN_LINK);
    }

    /// @inheritdoc IBatchDisputes
    function strikeOutside(LeafProof calldata proof, Provenance calldata provenance) external {
        (uint64 start, uint64 end) = prove(proof);
        TermsFault fault = faultOf(proof, provenance);
        require(fault != TermsFault.None, LeafInside(proof.batchId, proof.index));

        emit OutsideMethodologyReported(proof.batchId, proof.index, fault);

        strike(proof.batchId, proof.index, start, end);
    }

    /// @inheritdoc IBatchDisputes
    function isLinkReported(BatchId batchId, LeafIndex index) external view returns (bool) {
        return reportedLinks[batchId].get(LeafIndex.unwrap(index));
    }

    /// @dev Without its neighbour a leaf in the middle shows only the fault that it carries itself.
    function faultAlone(LeafProof calldata proof) private view returns (LinkFault) {
        bytes32 nextKey = LeafCodec.nextActivityKey(proof.leaf);
        if (LeafCodec.activityKey(proof.leaf) >= nextKey) return LinkFault.KeyNotBelowNext;
        bool isLast = LeafIndex.unwrap(proof.index) + 1 == batchOf(proof.batchId).leafCount;
        bool isUnended = isLast && nextKey != LeafCodec.END_OF_LINKS;
        return isUnended ? LinkFault.LastDoesNotEnd : LinkFault.None;
    }

    function faultBefore(LeafProof calldata proof, LeafProof calldata next) private view returns (LinkFault) {
        bool isAdjacent =
            BatchId.unwrap(next.batchId) == BatchId.unwrap(proof.batchId) &&
                LeafIndex.unwrap(next.index) == LeafIndex.unwrap(proof.index) + 1;
        require(isAdjacent, LeavesNotAdjacent(proof.index, next.index));
        prove(next);
        bytes32 nextKey = LeafCodec.nextActivityKey(proof.leaf);
        if (LeafCodec.activityKey(proof.leaf) >= nextKey) return LinkFault.KeyNotBelowNext;
        return nextKey == LeafCodec.activityKey(next.leaf) ? LinkFault.None : LinkFault.NextIsNotTheNextLeaf;
    }

    function faultOf(
        LeafProof calldata proof,
        Provenance calldata provenance
    ) private view returns (TermsFault) {
        Batch memory batch = batchOf(proof.batchId);
        Day day = LeafCodec.activityDay(proof.leaf);
        if (!isWithin(day, batch.vintageStartDay, batch.vintageEndDay)) return TermsFault.Vintage;
        requireProvenance(proof.batchId, batch.provenanceHash, provenance);
        bytes32 methodologyId = LeafCodec.methodologyId(proof.leaf);
        if (!isAmong(methodologyId, provenance.methodologyIds)) return TermsFault.Methodology;
        MethodologyTerms memory terms_ = methodologies.termsAt(methodologyId, batch.committedAt);
        return isWithin(day, terms_.firstDay, terms_.lastDay) ? TermsFault.None : TermsFault.Validity;
    }

    /// @dev Both ends are inclusive.
    function isWithin(Day day, Day first, Day last) private pure returns (bool) {
        return first <= day && day <= last;
    }

    function isAmong(bytes32 methodologyId, bytes32[] calldata methodologyIds) private pure returns (bool) {
        for (uint256 i = 0; i < methodologyIds.length; ++i) {
            if (methodologyIds[i] == methodologyId) return true;
        }
        return false;
    }
}
