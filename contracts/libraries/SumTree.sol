// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {BatchId} from "../types/BatchId.sol";
import {LeafIndex} from "../types/LeafIndex.sol";
import {Milligrams} from "../types/Milligrams.sol";
import {SumNode} from "../types/SumNode.sol";
import {LeafCodec} from "./LeafCodec.sol";
import {Serials} from "./Serials.sol";

/// @title Proofs against a batch's sum tree.
/// @notice Tree of the batch format: parent hash = keccak256(left size, left hash, right size, right hash)
/// over 80 bytes, sizes add up, an odd node moves up unchanged. Steps and sides follow from (leaf count,
/// index) alone; a leaf's size comes from its own bytes.
library SumTree {
    /// @notice What a batch committed to beside its root, which proofs lead to and callers compare.
    struct Commitment {
        Milligrams totalMg;
        uint32 leafCount;
    }

    /// @notice No leaf has this index.
    error LeafIndexOutOfRange(LeafIndex index, uint256 leafCount);
    /// @notice The proof has fewer or more siblings than the tree's shape asks for.
    error ProofLengthWrong(uint256 siblings);
    /// @notice A size of zero, or one of 2^63 or more, in the leaf (step 0), in a sibling (steps from 1, leaf
    /// to root) or in the sum of all (the last step).
    error NodeSizeOutOfRange(uint256 step, uint256 size);
    /// @notice The proof leads to a root that is not the batch's.
    error RootMismatch(bytes32 computed, BatchId batchId);
    /// @notice The proof leads to another total.
    error TotalMismatch(uint256 computedMilligrams, uint256 committedMilligrams);

    /// @notice The root that a proof leads to, and under it the serial range [start, end) of the leaf in
    /// milligrams. Nothing is proved before the caller has found that root to be the batch's.
    /// @param siblings From leaf to root.
    /// @dev Reverts LeafLengthWrong, LeafVersionUnknown, LeafIndexOutOfRange, ProofLengthWrong,
    /// NodeSizeOutOfRange, TotalMismatch.
    function rangeOf(
        Commitment memory commitment,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) internal pure returns (bytes32 root, uint64 start, uint64 end) {
        LeafCodec.check(leaf);
        uint64 leafSize = Milligrams.unwrap(LeafCodec.milligrams(leaf));
        require(
            LeafIndex.unwrap(index) < commitment.leafCount,
            LeafIndexOutOfRange(index, commitment.leafCount)
        );
        require(isSize(leafSize), NodeSizeOutOfRange(0, leafSize));

        uint256 total;
        (root, total, start) = climb(
            leafSize,
            LeafCodec.hash(leaf),
            LeafIndex.unwrap(index),
            commitment.leafCount - 1,
            siblings
        );
        require(
            total == Milligrams.unwrap(commitment.totalMg),
            TotalMismatch(total, Milligrams.unwrap(commitment.totalMg))
        );

        unchecked {
            // At most the total.
            end = start + leafSize;
        }
    }

    /// @notice True where the proved leaf shows that no leaf has `key`: it stands between the leaf's key and
    /// the next one, or below the key of the first leaf. False says that this leaf shows nothing about the
    /// key; so does a leaf that breaks the chain of links (next key not above its own, or the end of the
    /// chain anywhere but in the last leaf).
    /// @return root As from `rangeOf`, and as there the caller compares it.
    /// @dev Reverts as `rangeOf`.
    function isAbsent(
        Commitment memory commitment,
        bytes32 key,
        bytes calldata leaf,
        LeafIndex index,
        SumNode[] calldata siblings
    ) internal pure returns (bytes32 root, bool absent) {
        (root, , ) = rangeOf(commitment, leaf, index, siblings);
        bytes32 leafKey = LeafCodec.activityKey(leaf);
        bytes32 nextKey = LeafCodec.nextActivityKey(leaf);
        bool isLast = LeafIndex.unwrap(index) + 1 == commitment.leafCount;
        bool isLinked = leafKey < nextKey && isLast == (nextKey == LeafCodec.END_OF_LINKS);
        bool isBelowAll = LeafIndex.unwrap(index) == 0 && key < leafKey;
        bool isBetween = leafKey < key && key < nextKey;
        absent = isLinked && (isBelowAll || isBetween);
    }

    /// @dev From the leaf up to the root. `last` is the index of a level's last node; it and `index` alone
    /// decide where a sibling stands. Nothing here overflows: each of at most 32 sizes is below 2^63 before
    /// it is added, and a sum that passes 2^63 on the way does so at the end too.
    /// @return root Hash of the node at the top.
    /// @return total Its size.
    /// @return start Milligrams left of the leaf.
    function climb(
        uint256 size,
        bytes32 hash,
        uint256 index,
        uint256 last,
        SumNode[] calldata siblings
    ) private pure returns (bytes32 root, uint256 total, uint64 start) {
        (root, total) = (hash, size);
        uint256 before = 0;
        // Place of the next sibling in calldata, 64 bytes each, and the end of all.
        (uint256 at, uint256 end) = placesOf(siblings);
        unchecked {
            while (true) {
                if (index | 1 <= last) {
                    uint256 siblingSize;
                    // solhint-disable-next-line no-inline-assembly
                    assembly ("memory-safe") {
                        siblingSize := calldataload(at)
                    }
                    // The whole word counts: what does not fit 64 bits is out of range too. Past the end may
                    // stand anything; that is noticed after the loop, or here.
                    if (!isSize(siblingSize)) refuse(siblings.length, at, end, siblingSize);
                    // keccak-256 of the 80 bytes, which lie past the free pointer and are not kept. A right
                    // node has its sibling before it.
                    // solhint-disable-next-line no-inline-assembly
                    assembly ("memory-safe") {
                        let preimage := mload(0x40)
                        let isRight := and(index, 1)
                        let own := add(preimage, mul(isRight, 40))
                        mstore(own, shl(192, total))
                        mstore(add(own, 8), root)
                        let other := add(preimage, mul(iszero(isRight), 40))
                        mstore(other, shl(192, siblingSize))
                        mstore(add(other, 8), calldataload(add(at, 32)))
                        root := keccak256(preimage, 80)
                        total := add(total, siblingSize)
                        before := add(before, mul(isRight, siblingSize))
                        at := add(at, 64)
                    }
                } else if (last == 0) {
                    break;
                }
                // Else an even last node: it has no sibling and moves up as it is.
                index >>= 1;
                last >>= 1;
            }
        }
        require(at == end, ProofLengthWrong(siblings.length));
        require(total < Serials.LIMIT, NodeSizeOutOfRange(siblings.length, total));
        start = uint64(before);
    }

    /// @dev Above zero, which wraps around here, and below 2^63.
    function isSize(uint256 size) private pure returns (bool) {
        unchecked {
            return size - 1 < Serials.LIMIT - 1;
        }
    }

    function refuse(uint256 length, uint256 at, uint256 end, uint256 siblingSize) private pure {
        require(at < end, ProofLengthWrong(length));
        revert NodeSizeOutOfRange(length + 1 - (end - at) / 64, siblingSize);
    }

    function placesOf(SumNode[] calldata siblings) private pure returns (uint256 first, uint256 end) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            first := siblings.offset
            end := add(first, shl(6, siblings.length))
        }
    }
}
