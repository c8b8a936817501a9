// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {Ascending} from "../../../contracts/libraries/Ascending.sol";
import {bound} from "../support/Vm.sol";

/// @title The order of lists, against every pair of their values.
contract AscendingTest {
    uint256 private constant MAX_LENGTH = 6;

    function testFuzz_idsAscendWhereEachIsAboveAllBeforeItAndNot0(uint256 seed) external pure {
        bytes32[] memory values = new bytes32[](bound(seed, 0, MAX_LENGTH));
        for (uint256 i = 0; i < values.length; ++i) values[i] = bytes32(drawn(seed, i));
        assert(Ascending.isStrict(values) == isAboveAllBefore(values));
    }

    function testFuzz_regionsDoToo(uint256 seed) external pure {
        bytes8[] memory regions = new bytes8[](bound(seed, 0, MAX_LENGTH));
        bytes32[] memory values = new bytes32[](regions.length);
        for (uint256 i = 0; i < values.length; ++i) {
            regions[i] = bytes8(uint64(drawn(seed, i)));
            values[i] = regions[i];
        }
        assert(Ascending.isStrict(regions) == isAboveAllBefore(values));
    }

    function testFuzz_aListThatWasBuiltInOrderIsUntilOneIsRepeated(
        uint256 seed,
        uint256 which
    ) external pure {
        bytes32[] memory values = new bytes32[](bound(seed, 2, MAX_LENGTH));
        uint256 value = 0;
        for (uint256 i = 0; i < values.length; ++i) {
            value += 1 + (uint256(keccak256(abi.encode(seed, i))) >> 8);
            values[i] = bytes32(value);
        }
        assert(Ascending.isStrict(values));
        which = bound(which, 1, values.length - 1);
        values[which] = values[which - 1];
        assert(!Ascending.isStrict(values));
    }

    /// @dev Few values, so that they meet, mostly rising, so that some lists are in order; 0 among them.
    function drawn(uint256 seed, uint256 i) private pure returns (uint256) {
        uint256 random = uint256(keccak256(abi.encode(seed, i)));
        return 2 * i + (random % 4);
    }

    function isAboveAllBefore(bytes32[] memory values) private pure returns (bool) {
        for (uint256 i = 0; i < values.length; ++i) {
            if (values[i] == 0) return false;
            for (uint256 j = 0; j < i; ++j) if (values[j] >= values[i]) return false;
        }
        return true;
    }
}
