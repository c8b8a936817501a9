// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice 0-based index of a leaf in its batch. Not a serial position, not a place in a list of claims.
/// @dev Where an ABI or an EIP-712 type has uint32 (`Claim`, `Recall`) it is that: below the leaf count it
/// fits.
type LeafIndex is uint256;
