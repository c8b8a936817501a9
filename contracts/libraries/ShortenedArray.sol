// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchId} from "../types/BatchId.sol";

/// @title Arrays in memory that were made as long as they may get, cut to what was found.
library ShortenedArray {
    /// @notice Cuts the array itself to its first `count` elements, of which it has at least as many.
    function shorten(uint256[] memory values, uint256 count) internal pure {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(values, count)
        }
    }

    /// @notice As above.
    function shorten(BatchId[] memory batchIds, uint256 count) internal pure {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            mstore(batchIds, count)
        }
    }
}
