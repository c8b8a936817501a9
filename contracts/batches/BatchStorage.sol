// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";
import {StoredBatch} from "../types/Batch.sol";
import {BatchId} from "../types/BatchId.sol";

/// @title Storage of the batch registry at a fixed place (ERC-7201), so that offline proofs can read it for
/// years.
library BatchStorage {
    /// @notice What a commit of a region needs.
    struct QuorumTerms {
        uint8 threshold;
        uint8 verifierSet;
    }

    /// @notice What all commits share; one slot.
    struct Settings {
        /// Seconds.
        uint32 challengeWindow;
        uint32 leastClaimDays;
        bool paused;
        /// Quorum terms of regions without their own.
        uint8 threshold;
        uint8 verifierSet;
    }

    /// @custom:storage-location erc7201:microtonne.storage.BatchRegistry
    struct Layout {
        mapping(BatchId batchId => StoredBatch) batches;
        /// The only place of a root on chain: that it leads to the batch is what binds the batch to it.
        mapping(bytes32 root => BatchId batchId) batchOfRoot;
        mapping(address operator => BatchId batchId) headOf;
        mapping(bytes32 keySchemeHash => bool) keySchemes;
        mapping(BatchId batchId => BitMaps.BitMap) struckLeaves;
        /// Threshold 0: the region has none of its own.
        mapping(bytes8 region => QuorumTerms) quorums;
        Settings settings;
    }

    /// keccak256(abi.encode(uint256(keccak256("microtonne.storage.BatchRegistry")) - 1)) &
    /// ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x9db05e8ec2106121d92bd2686608f3cdd6cbeeb38db3facf5b1c0e8df1aad600;

    function layout() internal pure returns (Layout storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
