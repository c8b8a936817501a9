import { checkRoom, climb, decodeFault, NODE_BYTES, nodesAbove, WINDOW_NODES } from "./climb.ts";
import { itemCount } from "./itemCount.ts";
import type { Kernel } from "./kernel.ts";
import type { SumFault } from "./sumFault.ts";

/** Bytes of a leaf; its size is the uint64 (big-endian) at 161. */
export const LEAF_BYTES = 179;

/**
 * Nodes of the sum tree over leaves of 179 bytes that stand one after the other: each leaf's own (height 0),
 * or those that stand up to twelve levels above them, ceil(n / 2^height) of 40 bytes each, into `out`.
 * Nothing else of a leaf is checked. Returns the first fault found, after which `out` is of no use, or null.
 * @throws RangeError where the lengths don't agree
 */
export function leafNodes(kernel: Kernel, leaves: Uint8Array, out: Uint8Array, height = 0): SumFault | null {
  const count = itemCount(leaves, LEAF_BYTES, "leaves");
  checkRoom(count, out, height, 0);
  const { wasm, window } = kernel;
  let written = 0;
  for (let first = 0; first < count; first += WINDOW_NODES) {
    const now = Math.min(WINDOW_NODES, count - first);
    window.input.set(leaves.subarray(first * LEAF_BYTES, (first + now) * LEAF_BYTES));
    const code = wasm.leafNodes(now);
    const fault = code >= 0 ? decodeFault(code, 0, first) : climb(kernel, now, height, first);
    if (fault !== null) return fault;
    const bytes = nodesAbove(now, height) * NODE_BYTES;
    out.set(window.output.subarray(0, bytes), written);
    written += bytes;
  }
  return null;
}
