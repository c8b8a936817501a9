// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice A node of a batch's sum tree: milligrams CO2e under it (0 < size < 2^63) and its keccak-256 hash.
struct SumNode {
    uint64 size;
    bytes32 hash;
}
