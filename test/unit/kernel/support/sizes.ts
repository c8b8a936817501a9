import { seededBytes } from "./kernels.ts";

const VERSION = 1;

/** Leaves of version 1 with these sizes, and other bytes that mean nothing. */
export function leavesWithSizes(sizes: readonly bigint[]): Uint8Array {
  const leaves = seededBytes(sizes.length, 179 * sizes.length);
  for (const [i, size] of sizes.entries()) {
    leaves[179 * i] = VERSION;
    setSize(leaves, 179 * i + 161, size);
  }
  return leaves;
}

/** Nodes with these sizes and any hashes. */
export function nodesWithSizes(sizes: readonly bigint[]): Uint8Array {
  const nodes = seededBytes(sizes.length, 40 * sizes.length);
  for (const [i, size] of sizes.entries()) setSize(nodes, 40 * i, size);
  return nodes;
}

/** Writes a size at an offset. */
export function setSize(bytes: Uint8Array, at: number, size: bigint): void {
  new DataView(bytes.buffer).setBigUint64(at, size);
}
