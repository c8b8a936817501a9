// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {LeafCodec} from "../../../contracts/libraries/LeafCodec.sol";
import {SumTree} from "../../../contracts/libraries/SumTree.sol";
import {SumNode} from "../../../contracts/types/SumNode.sol";
import {SumTreeCases} from "../support/SumTreeCases.sol";
import {SumTreeCaller} from "../support/SumTreeCaller.sol";
import {TreeBuilder} from "../support/TreeBuilder.sol";
import {bound, vm} from "../support/Vm.sol";

/// @title Proofs against trees that a plain builder made, honest and tampered.
contract SumTreeTest is SumTreeCases {
    function testFuzz_honestProofGivesTheLeafsRange(uint256 seed) external view {
        Case memory proof = caseOf(seed);
        (uint64 start, uint64 end) = prove(proof);
        assert(start == proof.start);
        assert(end == proof.start + proof.size);
    }

    function testFuzz_rangesOfAllLeavesTileTheTotal(uint256 seed) external view {
        uint256 count = bound(seed, 1, 20);
        (SumNode[] memory nodes, bytes[] memory leaves) = leavesOf(seed, count);
        SumNode memory root = TreeBuilder.root(nodes);
        SumTreeCaller.Tree memory commitment = SumTreeCaller.Tree(root.hash, root.size, uint32(count));
        uint64 expected = 0;
        for (uint256 i = 0; i < count; ++i) {
            (uint64 start, uint64 end) = tree.rangeOf(
                commitment,
                leaves[i],
                i,
                TreeBuilder.siblings(nodes, i)
            );
            assert(start == expected);
            expected = end;
        }
        assert(expected == root.size);
    }

    function testFuzz_anyFlippedBitOfTheLeafIsRefused(uint256 seed, uint256 bit) external view {
        Case memory proof = caseOf(seed);
        flip(proof.leaf, bit);
        assertRefused(proof);
    }

    function testFuzz_anyFlippedBitOfASiblingIsRefused(
        uint256 seed,
        uint256 step,
        uint256 bit
    ) external view {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        SumNode memory sibling = proof.siblings[step % proof.siblings.length];
        bit %= 320;
        if (bit < 256) sibling.hash ^= bytes32(1 << bit);
        else sibling.size ^= uint64(1 << (bit - 256));
        assertRefused(proof);
    }

    /// Mass moved between two nodes of a path keeps the total; the hashes must still catch it.
    function testFuzz_massMovedBetweenSiblingsIsRefused(
        uint256 seed,
        uint256 step,
        uint64 moved
    ) external view {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 1);
        SumNode memory from = proof.siblings[step % proof.siblings.length];
        SumNode memory to = proof.siblings[(step + 1) % proof.siblings.length];
        vm.assume(from.size > 1);
        moved = uint64(bound(moved, 1, from.size - 1));
        from.size -= moved;
        to.size += moved;
        assertRefused(proof);
    }

    function testFuzz_anotherIndexIsRefused(uint256 seed, uint256 index) external view {
        Case memory proof = caseOf(seed);
        vm.assume(index != proof.index);
        proof.index = index;
        assertRefused(proof);
    }

    function testFuzz_indexPastTheLastLeafIsRefused(uint256 seed, uint256 index) external {
        Case memory proof = caseOf(seed);
        proof.index = proof.commitment.leafCount + bound(index, 0, type(uint128).max);
        vm.expectRevert(
            abi.encodeWithSelector(
                SumTree.LeafIndexOutOfRange.selector,
                proof.index,
                uint256(proof.commitment.leafCount)
            )
        );
        prove(proof);
    }

    /// With another count the shape differs somewhere; where this leaf's path happens to keep its shape the
    /// range is the same one.
    function testFuzz_anotherLeafCountNeverChangesTheRange(uint256 seed, uint32 count) external view {
        Case memory proof = caseOf(seed);
        proof.commitment.leafCount = count;
        try this.prove(proof) returns (uint64 start, uint64 end) {
            assert(start == proof.start && end == proof.start + proof.size);
        } catch {}
    }

    function testFuzz_truncatedProofIsRefused(uint256 seed) external {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        proof.siblings = resized(proof.siblings, proof.siblings.length - 1);
        vm.expectRevert(abi.encodeWithSelector(SumTree.ProofLengthWrong.selector, proof.siblings.length));
        prove(proof);
    }

    function testFuzz_extendedProofIsRefused(uint256 seed, SumNode calldata more) external {
        Case memory proof = caseOf(seed);
        proof.siblings = resized(proof.siblings, proof.siblings.length + 1);
        proof.siblings[proof.siblings.length - 1] = more;
        vm.expectRevert(abi.encodeWithSelector(SumTree.ProofLengthWrong.selector, proof.siblings.length));
        prove(proof);
    }

    function testFuzz_swappedSiblingsAreRefused(uint256 seed, uint256 step) external view {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 1);
        step %= proof.siblings.length - 1;
        (proof.siblings[step], proof.siblings[step + 1]) = (proof.siblings[step + 1], proof.siblings[step]);
        assertRefused(proof);
    }

    function testFuzz_zeroSiblingIsRefused(uint256 seed, uint256 step) external {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        step %= proof.siblings.length;
        proof.siblings[step].size = 0;
        vm.expectRevert(abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, step + 1, 0));
        prove(proof);
    }

    function testFuzz_siblingOf2To63AndMoreIsRefused(uint256 seed, uint256 step, uint64 size) external {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        step %= proof.siblings.length;
        size |= LIMIT;
        proof.siblings[step].size = size;
        vm.expectRevert(abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, step + 1, uint256(size)));
        prove(proof);
    }

    function testFuzz_sumOf2To63AndMoreIsRefused(uint64 size, uint64 other) external {
        size = uint64(bound(size, 1, LIMIT - 1));
        other = uint64(bound(other, LIMIT - size, LIMIT - 1));
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(1)), bytes32(uint256(2)), size, 0);
        SumNode memory right = SumNode(other, bytes32(uint256(3)));
        SumNode memory root = TreeBuilder.parent(TreeBuilder.nodeOf(leaf, size), right);
        SumNode[] memory siblings = new SumNode[](1);
        siblings[0] = right;
        vm.expectRevert(
            abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, 1, uint256(size) + other)
        );
        tree.rangeOf(SumTreeCaller.Tree(root.hash, root.size, 2), leaf, 0, siblings);
    }

    /// Each sibling fits, their sum passes 64 bits on the way: what was cut off in a hash is refused in the
    /// end.
    function test_sumBeyond64BitsIsRefused() external {
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(1)), bytes32(uint256(2)), LIMIT - 1, 0);
        SumNode[] memory siblings = new SumNode[](3);
        for (uint256 i = 0; i < 3; ++i) siblings[i] = SumNode(LIMIT - 1, bytes32(i + 1));
        vm.expectRevert(
            abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, 3, 4 * (uint256(LIMIT) - 1))
        );
        tree.rangeOf(SumTreeCaller.Tree(0, 1, 8), leaf, 0, siblings);
    }

    /// A size's word may hold more than 64 bits: the upper ones are not cut off.
    function testFuzz_siblingSizeAbove64BitsIsRefused(uint256 seed, uint256 step, uint256 upper) external {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        step %= proof.siblings.length;
        bytes memory call = encoded(proof);
        uint256 place = call.length - (proof.siblings.length - step) * 64;
        uint256 size = proof.siblings[step].size | (bound(upper, 1, type(uint192).max) << 64);
        overwrite(call, place, size);
        expectRefusal(call, abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, step + 1, size));
    }

    /// The call says fewer siblings than it carries: what follows the array is none of them.
    function testFuzz_siblingsBehindTheEndOfTheProofDoNotCount(uint256 seed, uint256 left) external {
        Case memory proof = caseOf(seed);
        vm.assume(proof.siblings.length > 0);
        left %= proof.siblings.length;
        bytes memory call = encoded(proof);
        overwrite(call, call.length - proof.siblings.length * 64 - 32, left);
        expectRefusal(call, abi.encodeWithSelector(SumTree.ProofLengthWrong.selector, left));
    }

    function test_largestTotalIsAccepted() external view {
        uint64 size = LIMIT - 2;
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(1)), bytes32(uint256(2)), size, 0);
        SumNode[] memory siblings = new SumNode[](1);
        siblings[0] = SumNode(1, bytes32(uint256(3)));
        SumNode memory root = TreeBuilder.parent(siblings[0], TreeBuilder.nodeOf(leaf, size));
        (uint64 start, uint64 end) = tree.rangeOf(
            SumTreeCaller.Tree(root.hash, root.size, 2),
            leaf,
            1,
            siblings
        );
        assert(start == 1 && end == LIMIT - 1);
    }

    function test_leafOfSizeZeroIsRefused() external {
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(1)), bytes32(uint256(2)), 0, 0);
        vm.expectRevert(abi.encodeWithSelector(SumTree.NodeSizeOutOfRange.selector, 0, 0));
        tree.rangeOf(SumTreeCaller.Tree(keccak256(leaf), 0, 1), leaf, 0, new SumNode[](0));
    }

    function testFuzz_leafOfAnotherLengthIsRefused(uint256 seed, uint256 length) external {
        Case memory proof = caseOf(seed);
        length = bound(length, 0, 400);
        vm.assume(length != LeafCodec.LENGTH);
        proof.leaf = new bytes(length);
        vm.expectRevert(abi.encodeWithSelector(LeafCodec.LeafLengthWrong.selector, length));
        prove(proof);
    }

    /// 80 bytes of an inner node can't stand in for a leaf: the classic second preimage.
    function testFuzz_innerNodePassedOffAsALeafIsRefused(uint256 seed) external view {
        uint256 count = bound(seed, 2, MAX_LEAVES);
        (SumNode[] memory nodes, ) = leavesOf(seed, count);
        SumNode memory root = TreeBuilder.root(nodes);
        SumNode[] memory above = TreeBuilder.levelAbove(nodes);
        bytes memory inner = abi.encodePacked(nodes[0].size, nodes[0].hash, nodes[1].size, nodes[1].hash);
        SumTreeCaller.Tree memory commitment = SumTreeCaller.Tree(root.hash, root.size, uint32(above.length));
        try tree.rangeOf(commitment, inner, 0, TreeBuilder.siblings(above, 0)) {
            assert(false);
        } catch {}
    }

    function testFuzz_leafOfAnotherVersionIsRefused(uint256 seed, bytes1 version) external {
        Case memory proof = caseOf(seed);
        vm.assume(version != 0x01);
        proof.leaf[0] = version;
        vm.expectRevert(abi.encodeWithSelector(LeafCodec.LeafVersionUnknown.selector, version));
        prove(proof);
    }

    function testFuzz_anotherTotalIsRefused(uint256 seed, uint64 total) external {
        Case memory proof = caseOf(seed);
        vm.assume(total != proof.commitment.totalMg);
        uint256 computed = proof.commitment.totalMg;
        proof.commitment.totalMg = total;
        vm.expectRevert(abi.encodeWithSelector(SumTree.TotalMismatch.selector, computed, uint256(total)));
        prove(proof);
    }

    function testFuzz_keyBetweenTwoLeavesIsAbsentAndOthersAreNot(uint256 seed, bytes32 key) external view {
        Case memory proof = caseOf(seed);
        bool between = key > proof.key && key < proof.nextKey;
        bool belowAll = proof.index == 0 && key < proof.key;
        assert(isAbsent(proof, key) == (between || belowAll));
        assert(!isAbsent(proof, proof.key));
        assert(!isAbsent(proof, proof.nextKey));
        if (uint256(proof.key) + 1 < uint256(proof.nextKey))
            assert(isAbsent(proof, bytes32(uint256(proof.key) + 1)));
        if (proof.index == 0) assert(isAbsent(proof, bytes32(uint256(proof.key) - 1)));
        else assert(!isAbsent(proof, bytes32(uint256(proof.key) - 1)));
    }

    function test_leafThatBreaksTheLinksShowsNoAbsence() external view {
        // The only leaf does not end the chain; it links to itself; it links backwards.
        bytes32[3] memory next = [bytes32(uint256(500)), bytes32(uint256(100)), bytes32(uint256(50))];
        for (uint256 i = 0; i < next.length; ++i) {
            bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(100)), next[i], 5, i);
            SumTreeCaller.Tree memory commitment = SumTreeCaller.Tree(keccak256(leaf), 5, 1);
            for (uint256 key = 40; key < 510; key += 10) {
                assert(!tree.isAbsent(commitment, bytes32(key), leaf, 0, new SumNode[](0)));
            }
        }
    }

    function test_leafThatEndsTheChainTooEarlyShowsNoAbsence() external view {
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(100)), LeafCodec.END_OF_LINKS, 5, 0);
        SumNode[] memory siblings = new SumNode[](1);
        siblings[0] = SumNode(7, keccak256("another leaf"));
        SumNode memory root = TreeBuilder.parent(TreeBuilder.nodeOf(leaf, 5), siblings[0]);
        assert(
            !tree.isAbsent(
                SumTreeCaller.Tree(root.hash, root.size, 2),
                bytes32(uint256(200)),
                leaf,
                0,
                siblings
            )
        );
    }

    /// A path of 20 steps, as in a batch of a million leaves: the siblings are made up, the root is computed
    /// here step by step.
    function testFuzz_proofInATreeOfAMillionLeaves(uint256 seed, uint256 index) external view {
        index = bound(index, 0, (1 << 20) - 1);
        uint64 size = uint64(bound(seed, 1, 1e12));
        bytes memory leaf = TreeBuilder.leaf(bytes32(uint256(1)), bytes32(uint256(2)), size, seed);
        SumNode memory node = TreeBuilder.nodeOf(leaf, size);
        SumNode[] memory siblings = new SumNode[](20);
        uint64 before = 0;
        for (uint256 i = 0; i < 20; ++i) {
            bytes32 filler = keccak256(abi.encode(seed, i));
            siblings[i] = SumNode(uint64(bound(uint256(filler), 1, 1e12)), filler);
            if ((index >> i) % 2 == 1) {
                before += siblings[i].size;
                node = TreeBuilder.parent(siblings[i], node);
            } else {
                node = TreeBuilder.parent(node, siblings[i]);
            }
        }
        SumTreeCaller.Tree memory commitment = SumTreeCaller.Tree(node.hash, node.size, 1 << 20);
        (uint64 start, uint64 end) = tree.rangeOf(commitment, leaf, index, siblings);
        assert(start == before && end == before + size);
    }
}
