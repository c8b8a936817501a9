// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice What an operator announced under a root; one slot. All zero where the root is unknown.
struct PayoutEpoch {
    /// From 1 on.
    uint32 number;
    /// What the leaves add up to at most, base units of the token, over all epochs up to this one.
    uint112 total;
    /// Unix seconds.
    uint40 claimableAt;
    /// Bits of `PayoutPause`; claimable while none is set.
    uint8 paused;
}

/// @notice Bits of `PayoutEpoch.paused`.
library PayoutPause {
    uint8 internal constant BY_OPERATOR = 1;
    uint8 internal constant BY_REGULATOR = 2;
}
