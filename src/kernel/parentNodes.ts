import { checkRoom, climb, NODE_BYTES, nodesAbove, WINDOW_NODES } from "./climb.ts";
import { itemCount } from "./itemCount.ts";
import type { Kernel } from "./kernel.ts";
import type { SumFault } from "./sumFault.ts";

/**
 * The nodes that stand `height` levels (1 to 12) above nodes of 40 bytes that stand one after the other:
 * their parents, or their parents' parents, ceil(n / 2^height) of them, into `out`, which may be `nodes`
 * itself. A parent hashes the 80 bytes of its two children, and an odd last node moves up unchanged. Sizes of
 * all `nodes` are checked, and all sums. Returns the first fault found, after which `out` is of no use, or
 * null.
 * @throws RangeError where the lengths don't agree
 */
export function parentNodes(kernel: Kernel, nodes: Uint8Array, out: Uint8Array, height = 1): SumFault | null {
  const count = itemCount(nodes, NODE_BYTES, "nodes");
  checkRoom(count, out, height, 1);
  const { output } = kernel.window;
  let written = 0;
  for (let first = 0; first < count; first += WINDOW_NODES) {
    const now = Math.min(WINDOW_NODES, count - first);
    output.set(nodes.subarray(first * NODE_BYTES, (first + now) * NODE_BYTES));
    const fault = climb(kernel, now, height, first);
    if (fault !== null) return fault;
    const bytes = nodesAbove(now, height) * NODE_BYTES;
    out.set(output.subarray(0, bytes), written);
    written += bytes;
  }
  return null;
}
