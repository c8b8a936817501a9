// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Provenances} from "../libraries/Provenances.sol";
import {SumTree} from "../libraries/SumTree.sol";
import {Provenance} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";
import {LeafProof} from "../types/Dispute.sol";
import {DisputeBonds} from "./DisputeBonds.sol";

/// @title Leaves shown against their batch's root, and what was committed beside it. See IBatchDisputes.
abstract contract LeafProofs is DisputeBonds {
    /// @return start Serial range [start, end) of the proven leaf in milligrams, as `end`.
    /// @return end See `start`.
    function prove(LeafProof calldata proof) internal view returns (uint64 start, uint64 end) {
        SumTree.Commitment memory commitment;
        (commitment.totalMg, commitment.leafCount) = batches.commitmentOf(proof.batchId);
        bytes32 root;
        (root, start, end) = SumTree.rangeOf(commitment, proof.leaf, proof.index, proof.siblings);
        require(
            BatchId.unwrap(batches.batchOfRoot(root)) == BatchId.unwrap(proof.batchId),
            SumTree.RootMismatch(root, proof.batchId)
        );
    }

    function requireProvenance(
        BatchId batchId,
        bytes32 provenanceHash,
        Provenance calldata provenance
    ) internal pure {
        require(Provenances.hashOf(provenance) == provenanceHash, ProvenanceMismatch(batchId));
    }

    function requireInTime(uint64 deadline) internal view {
        require(block.timestamp <= deadline, StatementExpired(deadline, block.timestamp));
    }
}
