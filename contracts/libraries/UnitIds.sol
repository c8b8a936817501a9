// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Ids of other registries' units, apart from those of batches.
/// @notice Both are held in one token, whose supply and cursors go by id: an operator that chooses its
/// batch's id must not be able to take a block's, nor the other way round. A unit's id has 32 ones on top,
/// then 224 bits of the block's hash; no batch has such an id.
library UnitIds {
    uint256 private constant MARK = uint256(type(uint32).max) << 224;

    /// @param blockHash The EIP-712 hash of a `UnitBlock`.
    function fromHash(bytes32 blockHash) internal pure returns (uint256 id) {
        return uint256(blockHash) | MARK;
    }

    function isUnit(uint256 id) internal pure returns (bool) {
        return id & MARK == MARK;
    }
}
