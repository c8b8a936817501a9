// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {AuthorityFreeze, Hold} from "../types/Hold.sol";

/// @title Where a token keeps its holds: a fixed place (ERC-7201), so that the code which a token delegates
/// to finds them there, too.
library HoldStorage {
    /// @custom:storage-location erc7201:microtonne.storage.Holds
    struct Layout {
        /// Held in the upper 96 bits, frozen by all authorities in the lower 160: a transfer reads one word.
        mapping(address account => mapping(uint256 tokenId => uint256)) wordOf;
        /// The prohibited part of frozen; read only where something is frozen.
        mapping(address account => mapping(uint256 tokenId => uint256)) prohibitedOf;
        mapping(bytes32 holdId => Hold) holdOf;
        /// An authority is a firm; its wallets come and go.
        mapping(address => mapping(uint256 tokenId => mapping(bytes32 firm => AuthorityFreeze))) freezeOf;
        /// Where a lost wallet's balance, holds and freezes went.
        mapping(address lost => mapping(uint256 tokenId => address)) movedTo;
        /// The wallet whose holding came to this one last, and the one that came to the same before it.
        mapping(address account => mapping(uint256 tokenId => address)) lastCameFrom;
        mapping(address lost => mapping(uint256 tokenId => address)) cameBefore;
        /// A lock lives at most so long.
        uint32 maxLockSeconds;
    }

    /// keccak256(abi.encode(uint256(keccak256("microtonne.storage.Holds")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 internal constant LOCATION = 0x88b477845059141f543d53daf23488420d488444f18fa2027c5bef24e034d300;

    function layout() internal pure returns (Layout storage $) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            $.slot := LOCATION
        }
    }
}
