// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title The chain for development, where terms may be as weak as a test needs them.
library DevelopmentChain {
    /// @notice The chain id of local nodes (anvil, Hardhat). A network with members has another.
    uint256 internal constant ID = 31337;

    function isHere() internal view returns (bool) {
        return block.chainid == ID;
    }
}
