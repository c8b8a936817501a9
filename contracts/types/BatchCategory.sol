// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What the leaves of a batch are: `BatchStatement.category`. Behaviour has no number: it is never
/// committed.
library BatchCategory {
    uint8 internal constant ACT = 1;
    uint8 internal constant PROJECT = 2;
}
