import { hashEach } from "./each";
import { INPUT, OUTPUT } from "./window";

// Nodes of the sum tree: 40 bytes, the size (uint64, big-endian) and the hash.

const LEAF_BYTES: usize = 179;
/** Where a leaf has its size. */
const LEAF_SIZE_AT: usize = 161;
const NODE_BYTES: usize = 40;
const HASH_AT: usize = 8;

// What is wrong with a size, in the low two bits of a number whose other bits are the index. NO_FAULT if
// nothing is.
const NO_FAULT: i32 = -1;
const ZERO_SIZE: i32 = 0;
const TOO_LARGE: i32 = 1;
const SUM_TOO_LARGE: i32 = 2;

@inline
function nodeAt(index: i32): usize {
  return OUTPUT + (index as usize) * NODE_BYTES;
}

@inline
function sizeAt(at: usize): i64 {
  return bswap<u64>(load<u64>(at)) as i64;
}

/** The fault of the size of the item `index`. Sizes of 2^63 and more are below zero as signed numbers. */
@inline
function sizeFault(size: i64, index: i32): i32 {
  return size > 0 ? NO_FAULT : (index << 2) | (size === 0 ? ZERO_SIZE : TOO_LARGE);
}

/** Makes nodes at OUTPUT of `count` leaves of 179 bytes at INPUT. Returns the first leaf's fault. */
export function leafNodes(count: i32): i32 {
  for (let i: i32 = 0; i < count; i++) {
    const from = INPUT + (i as usize) * LEAF_BYTES + LEAF_SIZE_AT;
    const fault = sizeFault(sizeAt(from), i);
    if (fault !== NO_FAULT) return fault;
    store<u64>(nodeAt(i), load<u64>(from));
  }
  hashEach(INPUT, LEAF_BYTES, count, OUTPUT + HASH_AT, NODE_BYTES);
  return NO_FAULT;
}

/**
 * Puts the parents of `count` nodes at OUTPUT in their place; an odd node moves up unchanged. Returns the
 * first fault: of a node, or of a sum with the parent's index.
 */
export function parentNodes(count: i32): i32 {
  const fault = firstFault(count);
  if (fault !== NO_FAULT) return fault;
  const pairs = count >> 1;
  // Hashes come to lie where hashes lay, so that the sizes are still there afterwards.
  hashEach(OUTPUT, 2 * NODE_BYTES, pairs, OUTPUT + HASH_AT, NODE_BYTES);
  for (let i: i32 = 0; i < pairs; i++) {
    const left = nodeAt(2 * i);
    store<u64>(nodeAt(i), bswap<u64>((sizeAt(left) + sizeAt(left + NODE_BYTES)) as u64));
  }
  if (count & 1) memory.copy(nodeAt(pairs), nodeAt(count - 1), NODE_BYTES);
  return NO_FAULT;
}

/** The first fault of the nodes at OUTPUT and of the sums of their pairs. */
function firstFault(count: i32): i32 {
  let left: i64 = 0;
  for (let i: i32 = 0; i < count; i++) {
    const size = sizeAt(nodeAt(i));
    const fault = sizeFault(size, i);
    if (fault !== NO_FAULT) return fault;
    if (!(i & 1)) left = size;
    else if (left + size < 0) return ((i >> 1) << 2) | SUM_TOO_LARGE;
  }
  return NO_FAULT;
}
