// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumTree} from "../../../contracts/libraries/SumTree.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";

/// @title Calls the library as a contract does: with leaf and siblings in calldata.
contract SumTreeCaller {
    function rangeOf(
        SumTree.Commitment calldata commitment,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external pure returns (uint64 start, uint64 end) {
        return SumTree.rangeOf(commitment, leaf, index, siblings);
    }

    function isAbsent(
        SumTree.Commitment calldata commitment,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external pure returns (bool) {
        return SumTree.isAbsent(commitment, key, leaf, index, siblings);
    }
}
