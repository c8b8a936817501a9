// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

/// @title Storage of the retirement registry at a fixed place (ERC-7201), so that offline proofs can read it
/// for years.
library RetirementStorage {
    /// @custom:storage-location erc7201:microtonne.storage.RetirementRegistry
    struct Layout {
        mapping(bytes32 retirementId => bytes32 recordHash) recordHashOf;
    }

    /// keccak256(abi.encode(uint256(keccak256("microtonne.storage.RetirementRegistry")) - 1)) &
    /// ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0xc5ee9a1a5eb85ebd37aecd3b79d12f4c45d49565afeb2fa0ba3fce2a37852600;

    function layout() internal pure returns (Layout storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
