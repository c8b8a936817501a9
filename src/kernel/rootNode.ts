import { MAX_HEIGHT, NODE_BYTES, nodesAbove } from "./climb.ts";
import { itemCount } from "./itemCount.ts";
import type { Kernel } from "./kernel.ts";
import type { SumFault } from "./sumFault.ts";
import { parentNodes } from "./parentNodes.ts";

/**
 * The root above at least one node of 40 bytes, into the first 40 bytes of `out`; the memory that it takes is
 * a 4,096th of `nodes`. Returns the first fault found, after which `out` is of no use, or null.
 * @throws RangeError where the lengths don't agree
 */
export function rootNode(kernel: Kernel, nodes: Uint8Array, out: Uint8Array): SumFault | null {
  let count = itemCount(nodes, NODE_BYTES, "nodes");
  if (count === 0) throw new RangeError("No nodes have no root.");
  let below = nodes;
  let level = 0;
  do {
    const above = new Uint8Array(nodesAbove(count, MAX_HEIGHT) * NODE_BYTES);
    const fault = parentNodes(kernel, below, above, MAX_HEIGHT);
    if (fault !== null) return { ...fault, level: fault.level + level };
    below = above;
    count = above.length / NODE_BYTES;
    level += MAX_HEIGHT;
  } while (count > 1);
  out.set(below);
  return null;
}
