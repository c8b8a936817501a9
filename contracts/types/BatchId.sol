// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice keccak256 of a batch's manifest bytes. Unwrapped it is the ERC-1155 id of the batch's credits;
/// that is a plain uint256, because it may just as well name a block of another registry's units.
/// @dev Disputes and proofs compare unwrapped ids: the compiler calls an operator where it would inline `==`.
type BatchId is uint256;

/// @dev No batch: that of a root that nobody committed, the one before an operator's first.
BatchId constant NO_BATCH = BatchId.wrap(0);

using {equal as ==, notEqual as !=, above as >} for BatchId global;

function equal(BatchId one, BatchId other) pure returns (bool) {
    return BatchId.unwrap(one) == BatchId.unwrap(other);
}

function notEqual(BatchId one, BatchId other) pure returns (bool) {
    return BatchId.unwrap(one) != BatchId.unwrap(other);
}

/// @dev Lists of batches ascend by id; the order means nothing else.
function above(BatchId one, BatchId other) pure returns (bool) {
    return BatchId.unwrap(one) > BatchId.unwrap(other);
}
