// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumTree} from "../../../contracts/libraries/SumTree.sol";
import {BatchId} from "../../../contracts/types/BatchId.sol";
import {LeafIndex} from "../../../contracts/types/LeafIndex.sol";
import {Milligrams} from "../../../contracts/types/Milligrams.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";

/// @title Calls the library as the batch registry does: with leaf and siblings in calldata, and a root to
/// compare with.
contract SumTreeCaller {
    /// @notice What a batch commits to.
    struct Tree {
        bytes32 root;
        uint64 totalMg;
        uint32 leafCount;
    }

    function rangeOf(
        Tree calldata tree,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external pure returns (uint64 start, uint64 end) {
        bytes32 root;
        (root, start, end) = SumTree.rangeOf(
            SumTree.Commitment(Milligrams.wrap(tree.totalMg), tree.leafCount),
            leaf,
            LeafIndex.wrap(index),
            siblings
        );
        require(root == tree.root, SumTree.RootMismatch(root, BatchId.wrap(0)));
    }

    function isAbsent(
        Tree calldata tree,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) external pure returns (bool absent) {
        bytes32 root;
        (root, absent) = SumTree.isAbsent(
            SumTree.Commitment(Milligrams.wrap(tree.totalMg), tree.leafCount),
            key,
            leaf,
            LeafIndex.wrap(index),
            siblings
        );
        require(root == tree.root, SumTree.RootMismatch(root, BatchId.wrap(0)));
    }
}
