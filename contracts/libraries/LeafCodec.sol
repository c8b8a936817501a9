// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Day} from "../types/Day.sol";
import {Milligrams} from "../types/Milligrams.sol";

/// @title The 179-byte leaf of batch format 1, read from calldata.
/// @notice Version 1 byte, activityKey 32, nextActivityKey 32, methodologyId 32, holderCommitment 32,
/// recordHash 32, milligrams 8, activity day 4, scenario class 2, provider index 4; integers big-endian.
library LeafCodec {
    uint256 internal constant LENGTH = 179;
    bytes1 internal constant VERSION = 0x01;
    /// `nextActivityKey` of a batch's last leaf.
    bytes32 internal constant END_OF_LINKS = bytes32(type(uint256).max);

    /// @notice The leaf is not 179 bytes long.
    error LeafLengthWrong(uint256 length);
    /// @notice The leaf is of another format version.
    error LeafVersionUnknown(bytes1 version);

    /// @notice Reverts where the bytes are no leaf of this version. Call it before any other function here.
    /// @dev Reverts LeafLengthWrong, LeafVersionUnknown.
    function check(bytes calldata leaf) internal pure {
        require(leaf.length == LENGTH, LeafLengthWrong(leaf.length));
        bytes1 version = bytes1(wordAt(leaf, 0));
        require(version == VERSION, LeafVersionUnknown(version));
    }

    /// @notice keccak-256 of the leaf bytes: its hash in the sum tree.
    function hash(bytes calldata leaf) internal pure returns (bytes32) {
        return keccak256(leaf);
    }

    function activityKey(bytes calldata leaf) internal pure returns (bytes32) {
        return wordAt(leaf, 1);
    }

    function nextActivityKey(bytes calldata leaf) internal pure returns (bytes32) {
        return wordAt(leaf, 33);
    }

    function methodologyId(bytes calldata leaf) internal pure returns (bytes32) {
        return wordAt(leaf, 65);
    }

    /// @notice Day of the act: days since 1970-01-01 in the batch's time zone.
    function activityDay(bytes calldata leaf) internal pure returns (Day) {
        return Day.wrap(uint32(bytes4(leaf[169:173])));
    }

    /// @notice Size of the leaf in milligrams, as its bytes say. Its range is the sum tree's to check.
    function milligrams(bytes calldata leaf) internal pure returns (Milligrams) {
        return Milligrams.wrap(uint64(bytes8(wordAt(leaf, 161))));
    }

    /// @dev 32 bytes from `offset` on; after `check` they are there.
    function wordAt(bytes calldata leaf, uint256 offset) private pure returns (bytes32 word) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            word := calldataload(add(leaf.offset, offset))
        }
    }
}
