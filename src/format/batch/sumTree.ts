import { CheckFailedError } from "../../base/errors/errors.ts";
import { MAX_MILLIGRAMS } from "../../base/lib/mass.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { keccak } from "../keccak.ts";
import { leafHash, leafSize } from "./leaf.ts";

/**
 * A node of the sum tree: the milligrams below it and its hash. Same tree as `MerkleSumTree` of merkletreejs,
 * shape of RFC 6962.
 */
export interface SumNode {
  readonly size: bigint;
  /** 32 bytes. */
  readonly hash: Uint8Array;
}

/** Milligrams [start, end) of a batch. */
export interface MassRange {
  readonly start: Milligrams;
  readonly end: Milligrams;
}

/** What binds a batch: root hash, total and leaf count. A root alone binds only what opens. */
export interface SumCommitment {
  readonly root: Uint8Array;
  readonly total: Milligrams;
  readonly count: number;
}

/** All levels in memory: `levels[0]` are the leaves, the last level is the root alone. */
export interface SumTree extends SumCommitment {
  readonly levels: readonly (readonly SumNode[])[];
}

/** Leaf counts are uint32 on chain. */
export const MAX_LEAVES = 2 ** 32 - 1;

/** The node of a leaf's 179 bytes. @throws CheckFailedError as `decodeLeaf` */
export function leafNode(bytes: Uint8Array): SumNode {
  return { size: leafSize(bytes), hash: leafHash(bytes) };
}

/** Size as uint64 and hash: the 40 bytes that a parent hashes and a tile stores. */
export function nodeBytes(node: SumNode): Uint8Array {
  const bytes = new Uint8Array(40);
  writeNode(bytes, 0, node);
  return bytes;
}

/** A node of two. @throws CheckFailedError `tree.zero-size`, `tree.overflow` for sizes of 2^63 and more */
export function parentNode(left: SumNode, right: SumNode): SumNode {
  checkSize(left.size);
  checkSize(right.size);
  const size = left.size + right.size;
  if (size > MAX_MILLIGRAMS)
    throw new CheckFailedError("tree.overflow", "The sizes of a tree add up to 2^63 milligrams or more.");
  const preimage = new Uint8Array(80);
  writeNode(preimage, 0, left);
  writeNode(preimage, 40, right);
  return { size, hash: keccak(preimage) };
}

/** The next level up; an odd node moves up unchanged. */
export function parentLevel(nodes: readonly SumNode[]): SumNode[] {
  const parents: SumNode[] = [];
  for (let i = 0; i + 1 < nodes.length; i += 2)
    parents.push(parentNode(nodes[i] as SumNode, nodes[i + 1] as SumNode));
  if (nodes.length % 2 === 1) parents.push(nodes[nodes.length - 1] as SumNode);
  return parents;
}

/** The whole tree over at least one leaf node. @throws CheckFailedError `tree.empty`, or as `parentNode` */
export function buildSumTree(nodes: readonly SumNode[]): SumTree {
  if (nodes[0] === undefined) throw new CheckFailedError("tree.empty", "A tree needs at least one leaf.");
  checkSize(nodes[0].size);
  const levels: (readonly SumNode[])[] = [nodes];
  let top = nodes;
  while (top.length > 1) {
    top = parentLevel(top);
    levels.push(top);
  }
  const root = top[0] as SumNode;
  return { levels, root: root.hash, total: root.size as Milligrams, count: nodes.length };
}

/** @throws CheckFailedError `tree.zero-size`, `tree.overflow` */
export function checkSize(size: bigint): void {
  if (size <= 0n) throw new CheckFailedError("tree.zero-size", "A node of a tree has no milligrams.");
  if (size > MAX_MILLIGRAMS)
    throw new CheckFailedError("tree.overflow", "A node of a tree has 2^63 milligrams or more.");
}

function writeNode(target: Uint8Array, offset: number, node: SumNode): void {
  new DataView(target.buffer, target.byteOffset).setBigUint64(offset, node.size);
  target.set(node.hash, offset + 8);
}
