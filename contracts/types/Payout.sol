// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @notice An operator's account at the distributor; one slot. Base units of the token.
struct PayoutLedger {
    /// Number of the latest epoch; 0: none yet.
    uint32 epoch;
    /// Cumulative total of the latest epoch, and all that the operator ever paid in.
    uint112 funded;
    uint112 claimed;
}

/// @notice What an operator announced: from `claimableAt` on, the accounts under `root` may have been paid so much in all.
struct PayoutEpoch {
    /// Of a standard Merkle tree of OpenZeppelin over (address account, uint256 cumulativeAmount).
    bytes32 root;
    /// What the leaves add up to at most, base units, over all epochs up to this one.
    uint112 total;
    /// Unix seconds.
    uint40 claimableAt;
    /// Bits of `PayoutPause`; claimable while none is set.
    uint8 paused;
}

/// @notice A leaf of an epoch.
struct PayoutClaim {
    /// Whose tree it is.
    address operator;
    uint32 epoch;
    /// The leaf's account.
    address account;
    /// Base units due to the account in all, over all epochs up to this one.
    uint256 cumulativeAmount;
}

/// @notice Bits of `PayoutEpoch.paused`.
library PayoutPause {
    uint8 internal constant BY_OPERATOR = 1;
    uint8 internal constant BY_REGULATOR = 2;
}
