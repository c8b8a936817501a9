// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.30;

import {SumNode} from "../types/SumNode.sol";
import {LeafCodec} from "./LeafCodec.sol";
import {Serials} from "./Serials.sol";

/// @title Proofs against a batch's sum tree.
/// @notice Tree of the batch format: parent hash = keccak256(left size, left hash, right size, right hash) over 80 bytes, sizes add up, an
/// odd node moves up unchanged. Steps and sides follow from (leaf count, index) alone; a leaf's size comes from its own bytes.
library SumTree {
    /// @notice What a batch committed to beside its root, which proofs lead to and callers compare.
    struct Commitment {
        uint64 totalMg;
        uint32 leafCount;
    }

    /// @dev The node that a proof has reached, and the milligrams left of its leaf.
    struct Reached {
        bytes32 hash;
        uint256 size;
        uint256 before;
    }

    /// @notice No leaf has this index.
    error LeafIndexOutOfRange(uint256 index, uint256 leafCount);
    /// @notice The proof has fewer or more siblings than the tree's shape asks for.
    error ProofLengthWrong(uint256 siblings);
    /// @notice A size of zero, or one of 2^63 or more, in the leaf (step 0), in a sibling or in a sum (steps from 1, leaf to root).
    error NodeSizeOutOfRange(uint256 step, uint256 size);
    /// @notice The proof leads to a root that is not the batch's.
    error RootMismatch(bytes32 computed, uint256 batchId);
    /// @notice The proof leads to another total.
    error TotalMismatch(uint256 computedMilligrams, uint256 committedMilligrams);

    /// @notice The root that a proof leads to, and under it the serial range [start, end) of the leaf in milligrams. Nothing is proved before the
    /// caller has found that root to be the batch's.
    /// @param siblings From leaf to root.
    /// @dev Reverts LeafLengthWrong, LeafVersionUnknown, LeafIndexOutOfRange, ProofLengthWrong, NodeSizeOutOfRange, TotalMismatch.
    function rangeOf(
        Commitment memory commitment,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) internal pure returns (bytes32 root, uint64 start, uint64 end) {
        LeafCodec.check(leaf);
        uint256 leafSize = LeafCodec.milligrams(leaf);
        require(index < commitment.leafCount, LeafIndexOutOfRange(index, commitment.leafCount));
        require(leafSize > 0 && leafSize < Serials.LIMIT, NodeSizeOutOfRange(0, leafSize));

        Reached memory at = Reached(LeafCodec.hash(leaf), leafSize, 0);
        climb(at, index, commitment.leafCount, siblings);
        require(at.size == commitment.totalMg, TotalMismatch(at.size, commitment.totalMg));
        root = at.hash;

        // before + leafSize <= total < 2^63
        start = uint64(at.before);
        end = uint64(at.before + leafSize);
    }

    /// @notice True where the proved leaf shows that no leaf has `key`: it stands between the leaf's key and the next one, or below
    /// the key of the first leaf. False says that this leaf shows nothing about the key; so does a leaf that breaks the chain of
    /// links (next key not above its own, or the end of the chain anywhere but in the last leaf).
    /// @return root As from `rangeOf`, and as there the caller compares it.
    /// @dev Reverts as `rangeOf`.
    function isAbsent(
        Commitment memory commitment,
        bytes32 key,
        bytes calldata leaf,
        uint256 index,
        SumNode[] calldata siblings
    ) internal pure returns (bytes32 root, bool absent) {
        (root, , ) = rangeOf(commitment, leaf, index, siblings);
        bytes32 leafKey = LeafCodec.activityKey(leaf);
        bytes32 nextKey = LeafCodec.nextActivityKey(leaf);
        bool isLast = index + 1 == commitment.leafCount;
        bool isLinked = leafKey < nextKey && isLast == (nextKey == LeafCodec.END_OF_LINKS);
        bool isBelowAll = index == 0 && key < leafKey;
        bool isBetween = leafKey < key && key < nextKey;
        absent = isLinked && (isBelowAll || isBetween);
    }

    /// @dev From the leaf up to the root: the shape of a tree of `count` leaves decides where a sibling stands.
    function climb(Reached memory at, uint256 index, uint256 count, SumNode[] calldata siblings) private pure {
        uint256 step = 0;
        while (count > 1) {
            bool isRight = index & 1 == 1;
            // An odd last node has no sibling and moves up as it is.
            if (isRight || index + 1 < count) {
                require(step < siblings.length, ProofLengthWrong(siblings.length));
                join(at, siblings[step], isRight, step + 1);
                ++step;
            }
            index >>= 1;
            count = (count + 1) >> 1;
        }
        require(step == siblings.length, ProofLengthWrong(siblings.length));
    }

    function join(Reached memory at, SumNode calldata sibling, bool isRight, uint256 step) private pure {
        uint256 siblingSize = sibling.size;
        uint256 size = at.size;
        require(siblingSize > 0 && siblingSize < Serials.LIMIT, NodeSizeOutOfRange(step, siblingSize));
        require(size + siblingSize < Serials.LIMIT, NodeSizeOutOfRange(step, size + siblingSize));
        if (isRight) {
            at.hash = hashNode(siblingSize, sibling.hash, size, at.hash);
            at.before += siblingSize;
        } else {
            at.hash = hashNode(size, at.hash, siblingSize, sibling.hash);
        }
        at.size = size + siblingSize;
    }

    /// @dev keccak-256 of the 80 bytes; both sizes are below 2^63. The bytes lie past the free pointer and are not kept.
    function hashNode(uint256 leftSize, bytes32 leftHash, uint256 rightSize, bytes32 rightHash) private pure returns (bytes32 hash) {
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let preimage := mload(0x40)
            mstore(preimage, shl(192, leftSize))
            mstore(add(preimage, 8), leftHash)
            mstore(add(preimage, 40), shl(192, rightSize))
            mstore(add(preimage, 48), rightHash)
            hash := keccak256(preimage, 80)
        }
    }
}
