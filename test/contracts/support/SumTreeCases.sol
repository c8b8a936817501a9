// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LeafCodec} from "../../../contracts/libraries/LeafCodec.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";
import {SumTreeCaller} from "./SumTreeCaller.sol";
import {TreeBuilder} from "./TreeBuilder.sol";
import {bound} from "./Vm.sol";

/// @title Trees of up to 70 leaves that a plain builder made, and proofs against them.
abstract contract SumTreeCases {
    uint256 internal constant MAX_LEAVES = 70;
    uint64 internal constant LIMIT = 1 << 63;

    SumTreeCaller internal immutable tree = new SumTreeCaller();

    struct Case {
        SumTreeCaller.Tree commitment;
        bytes leaf;
        uint64 size;
        uint256 index;
        SumNode[] siblings;
        uint64 start;
        bytes32 key;
        bytes32 nextKey;
    }

    /// The call with its siblings at the end.
    function encoded(Case memory proof) internal pure returns (bytes memory) {
        return
            abi.encodeCall(
                SumTreeCaller.rangeOf,
                (proof.commitment, proof.leaf, proof.index, proof.siblings)
            );
    }

    function overwrite(bytes memory data, uint256 place, uint256 value) internal pure {
        assembly ("memory-safe") {
            mstore(add(add(data, 32), place), value)
        }
    }

    function expectRefusal(bytes memory call, bytes memory expected) internal view {
        (bool done, bytes memory answer) = address(tree).staticcall(call);
        assert(!done && keccak256(answer) == keccak256(expected));
    }

    function prove(Case memory proof) public view returns (uint64, uint64) {
        return tree.rangeOf(proof.commitment, proof.leaf, proof.index, proof.siblings);
    }

    function isAbsent(Case memory proof, bytes32 key) internal view returns (bool) {
        return tree.isAbsent(proof.commitment, key, proof.leaf, proof.index, proof.siblings);
    }

    function assertRefused(Case memory proof) internal view {
        try this.prove(proof) returns (uint64, uint64) {
            assert(false);
        } catch {}
    }

    /// A tree of 1 to 70 leaves and the honest proof of one of them.
    function caseOf(uint256 seed) internal pure returns (Case memory proof) {
        uint256 count = bound(uint256(keccak256(abi.encode(seed, "count"))), 1, MAX_LEAVES);
        (SumNode[] memory nodes, bytes[] memory leaves) = leavesOf(seed, count);
        uint256 index = uint256(keccak256(abi.encode(seed, "index"))) % count;
        SumNode memory root = TreeBuilder.root(nodes);
        proof.commitment = SumTreeCaller.Tree(root.hash, root.size, uint32(count));
        proof.index = index;
        proof.leaf = leaves[index];
        proof.size = nodes[index].size;
        proof.siblings = TreeBuilder.siblings(nodes, index);
        for (uint256 i = 0; i < index; ++i) proof.start += nodes[i].size;
        proof.key = keyOf(index);
        proof.nextKey = index + 1 == count ? LeafCodec.END_OF_LINKS : keyOf(index + 1);
    }

    function leavesOf(
        uint256 seed,
        uint256 count
    ) internal pure returns (SumNode[] memory nodes, bytes[] memory leaves) {
        nodes = new SumNode[](count);
        leaves = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            uint64 size = uint64(bound(uint256(keccak256(abi.encode(seed, i))), 1, 1e15));
            leaves[i] = TreeBuilder.leaf(
                keyOf(i),
                i + 1 == count ? LeafCodec.END_OF_LINKS : keyOf(i + 1),
                size,
                seed ^ (i % 5)
            );
            nodes[i] = TreeBuilder.nodeOf(leaves[i], size);
        }
    }

    /// Ascending, with room between and below.
    function keyOf(uint256 index) internal pure returns (bytes32) {
        return bytes32((index + 1) << 240);
    }

    function flip(bytes memory data, uint256 bit) internal pure {
        bit %= data.length * 8;
        data[bit / 8] = bytes1(uint8(data[bit / 8]) ^ uint8(1 << (bit % 8)));
    }

    function resized(SumNode[] memory nodes, uint256 length) internal pure returns (SumNode[] memory copy) {
        copy = new SumNode[](length);
        for (uint256 i = 0; i < length && i < nodes.length; ++i) copy[i] = nodes[i];
    }
}
