// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Lists in strictly ascending order, so that each value is in them once.
library Ascending {
    /// @notice True where each value is above the one before it and the first is not 0. An empty list is.
    function isStrict(bytes32[] memory values) internal pure returns (bool) {
        bytes32 previous = 0;
        for (uint256 i = 0; i < values.length; ++i) {
            bytes32 value = values[i];
            if (value <= previous) return false;
            previous = value;
        }
        return true;
    }

    /// @notice As above.
    function isStrict(bytes8[] memory values) internal pure returns (bool) {
        bytes32[] memory words;
        // In memory an element fills a word, from its left.
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            words := values
        }
        return isStrict(words);
    }
}
