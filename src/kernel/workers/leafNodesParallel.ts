import { checkRoom, NODE_BYTES, nodesAbove, WINDOW_NODES } from "../climb.ts";
import { itemCount } from "../itemCount.ts";
import { LEAF_BYTES } from "../leafNodes.ts";
import type { NodeFault } from "../nodeFault.ts";
import type { HashWorkers } from "./hashWorkers.ts";

/**
 * `leafNodes` by several workers, in chunks of 4,096 leaves: same nodes, same order, same fault. `leaves` must not change
 * until the promise settles. Memory beside `leaves` and `out`: 0.9 MB for each chunk under way, two a worker.
 * @throws RangeError where the lengths don't agree, Error where a worker failed
 */
export async function leafNodesParallel(workers: HashWorkers, leaves: Uint8Array, out: Uint8Array, height = 0): Promise<NodeFault | null> {
  const count = itemCount(leaves, LEAF_BYTES, "leaves");
  checkRoom(count, out, height, 0);
  const faults = new Map<number, NodeFault>();
  let next = 0;
  // Chunks are taken in order, so that none before a faulty one is left out.
  const takeChunks = async (): Promise<void> => {
    while (next < count && faults.size === 0) {
      const first = next;
      const end = Math.min(count, first + WINDOW_NODES);
      next = end;
      await workers.hash(leaves.subarray(first * LEAF_BYTES, end * LEAF_BYTES), height, ({ nodes, fault }) => {
        if (fault === null) out.set(nodes, nodesAbove(first, height) * NODE_BYTES);
        else faults.set(first, { ...fault, index: first / 2 ** fault.level + fault.index });
      });
    }
  };
  await Promise.all(Array.from({ length: workers.capacity }, takeChunks));
  return faults.get(Math.min(...faults.keys())) ?? null;
}
