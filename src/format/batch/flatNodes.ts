import { CheckFailedError } from "../../base/errors/errors.ts";
import { leafNodes } from "../../kernel/leafNodes.ts";
import { parentNodes } from "../../kernel/parentNodes.ts";
import { rootNode } from "../../kernel/rootNode.ts";
import { sharedKernel } from "../../kernel/sharedKernel.ts";
import type { SumFault } from "../../kernel/sumFault.ts";
import { checkLeafVersion, LEAF_BYTES, leafSize } from "./leaf.ts";
import { checkSize, type SumNode } from "./sumTree.ts";

/** Nodes one after the other, as tiles store them: 40 bytes each, size (uint64) and hash. */
export const NODE_BYTES = 40;

/**
 * The nodes `height` levels (0 to 12) above leaves of 179 bytes that stand one after the
 * other. @throws CheckFailedError as `leafNode` and `parentNode`
 */
export function flatLeafNodes(leaves: Uint8Array, height: number): Uint8Array {
  checkLeafLengths(leaves);
  for (let at = 0; at < leaves.length; at += LEAF_BYTES) checkLeafVersion(leaves[at]);
  const nodes = new Uint8Array(NODE_BYTES * Math.ceil(leaves.length / LEAF_BYTES / 2 ** height));
  checkLeafFault(leafNodes(sharedKernel(), leaves, nodes, height), leaves);
  return nodes;
}

/** The nodes `height` levels (1 to 12) above others. @throws CheckFailedError as `parentNode` */
export function flatParentNodes(nodes: Uint8Array, height: number): Uint8Array {
  const parents = new Uint8Array(NODE_BYTES * Math.ceil(nodes.length / NODE_BYTES / 2 ** height));
  checkNodeFault(parentNodes(sharedKernel(), nodes, parents, height), nodes);
  return parents;
}

/** The root above at least one node. @throws CheckFailedError as `parentNode` */
export function flatRoot(nodes: Uint8Array): Uint8Array {
  const root = new Uint8Array(NODE_BYTES);
  checkNodeFault(rootNode(sharedKernel(), nodes, root), nodes);
  return root;
}

/** The node at an index. */
export function sumNodeAt(nodes: Uint8Array, index: number): SumNode {
  return {
    size: nodeSize(nodes, index),
    hash: nodes.slice(NODE_BYTES * index + 8, NODE_BYTES * (index + 1)),
  };
}

/** Milligrams of the node at an index. */
export function nodeSize(nodes: Uint8Array, index: number): bigint {
  return new DataView(nodes.buffer, nodes.byteOffset + NODE_BYTES * index, 8).getBigUint64(0);
}

/** @throws CheckFailedError `leaf.length` where the bytes are no whole leaves */
export function checkLeafLengths(leaves: Uint8Array): void {
  const rest = leaves.length % LEAF_BYTES;
  if (rest !== 0 || leaves.length === 0) leafSize(leaves.subarray(leaves.length - rest));
}

/** What the kernel found in leaves or above them. @throws CheckFailedError as `leafNode` and `parentNode` */
export function checkLeafFault(fault: SumFault | null, leaves: Uint8Array): void {
  if (fault?.level === 0) {
    leafSize(leaves.subarray(LEAF_BYTES * fault.index, LEAF_BYTES * (fault.index + 1)));
  }
  if (fault !== null) throw overflow();
}

function checkNodeFault(fault: SumFault | null, nodes: Uint8Array): void {
  if (fault?.level === 0) checkSize(nodeSize(nodes, fault.index));
  if (fault !== null) throw overflow();
}

function overflow(): CheckFailedError {
  return new CheckFailedError("tree.overflow", "The sizes of a tree add up to 2^63 milligrams or more.");
}
