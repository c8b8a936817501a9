// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {DisjointRanges} from "../libraries/DisjointRanges.sol";
import {StoredUnits} from "../types/ExternalUnit.sol";

/// @title Storage of the external units at a fixed place (ERC-7201), so that offline proofs can read it for
/// years.
library ExternalUnitsStorage {
    /// @custom:storage-location erc7201:microtonne.storage.ExternalUnits
    struct Layout {
        mapping(uint256 id => StoredUnits) units;
        mapping(bytes32 registryId => mapping(bytes32 prefixHash => DisjointRanges.Line)) lines;
        mapping(bytes32 registryId => address operator) operatorOf;
        bool paused;
    }

    /// keccak256(abi.encode(uint256(keccak256("microtonne.storage.ExternalUnits")) - 1)) &
    /// ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x231f1f85e85df648879f7e08021fc106994435fca27135677121e65faa0a9b00;

    function layout() internal pure returns (Layout storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
