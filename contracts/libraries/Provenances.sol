// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Provenance} from "../types/Batch.sol";
import {Quorum} from "./Quorum.sol";

/// @title The one hash that the chain keeps of who attested a batch, of its methodologies and of its terms.
library Provenances {
    /// @notice keccak256 of the ids, 32 bytes each: `BatchStatement.methodologiesHash`.
    function methodologiesHashOf(bytes32[] calldata methodologyIds) internal pure returns (bytes32) {
        // Array elements are padded to 32 bytes, which an id fills: this is their concatenation.
        return keccak256(abi.encodePacked(methodologyIds));
    }

    /// @notice `StoredBatch.provenanceHash`.
    /// @param attestersHash As from `Quorum.hashOf`.
    /// @param methodologiesHash As from `methodologiesHashOf`.
    /// @param termsHash As in the statement.
    function hashOf(
        bytes32 attestersHash,
        bytes32 methodologiesHash,
        bytes32 termsHash
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(attestersHash, methodologiesHash, termsHash));
    }

    /// @notice As above, of what a caller brought along. The order of both lists counts.
    function hashOf(Provenance calldata provenance) internal pure returns (bytes32) {
        return
            hashOf(
                Quorum.hashOf(provenance.attesters),
                methodologiesHashOf(provenance.methodologyIds),
                provenance.termsHash
            );
    }
}
