// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumNode} from "../../../contracts/types/SumNode.sol";

/// @title The sum tree, built level by level in the plainest way. Independent of `SumTree`, which it checks.
library TreeBuilder {
    /// @notice 179 bytes with the given keys and size; the other fields follow from `seed`.
    function leaf(
        bytes32 key,
        bytes32 nextKey,
        uint64 size,
        uint256 seed
    ) internal pure returns (bytes memory) {
        bytes32 filler = keccak256(abi.encode(seed));
        return
            abi.encodePacked(
                uint8(1),
                key,
                nextKey,
                filler,
                filler,
                filler,
                size,
                uint32(20_000),
                uint16(1),
                uint32(seed % 3)
            );
    }

    function nodeOf(bytes memory leafBytes, uint64 size) internal pure returns (SumNode memory) {
        return SumNode(size, keccak256(leafBytes));
    }

    function parent(SumNode memory left, SumNode memory right) internal pure returns (SumNode memory) {
        return
            SumNode(
                left.size + right.size,
                keccak256(abi.encodePacked(left.size, left.hash, right.size, right.hash))
            );
    }

    function levelAbove(SumNode[] memory nodes) internal pure returns (SumNode[] memory above) {
        above = new SumNode[]((nodes.length + 1) / 2);
        for (uint256 i = 0; i < above.length; ++i) {
            above[i] = 2 * i + 1 < nodes.length ? parent(nodes[2 * i], nodes[2 * i + 1]) : nodes[2 * i];
        }
    }

    function root(SumNode[] memory nodes) internal pure returns (SumNode memory) {
        while (nodes.length > 1) nodes = levelAbove(nodes);
        return nodes[0];
    }

    /// @notice Siblings of leaf `index` from leaf to root.
    function siblings(SumNode[] memory nodes, uint256 index) internal pure returns (SumNode[] memory path) {
        SumNode[] memory found = new SumNode[](64);
        uint256 count = 0;
        while (nodes.length > 1) {
            uint256 other = index % 2 == 0 ? index + 1 : index - 1;
            if (other < nodes.length) found[count++] = nodes[other];
            nodes = levelAbove(nodes);
            index /= 2;
        }
        path = new SumNode[](count);
        for (uint256 i = 0; i < count; ++i) path[i] = found[i];
    }
}
