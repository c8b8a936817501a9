import { NODE_BYTES, nodesAbove } from "../climb.ts";
import type { Kernel } from "../kernel.ts";
import { LEAF_BYTES, leafNodes } from "../leafNodes.ts";
import type { NodeFault } from "../nodeFault.ts";

/** Leaves on their way to a worker, which gives their memory back with the answer. */
export interface LeafChunk {
  readonly id: number;
  readonly leaves: Uint8Array<ArrayBuffer>;
  readonly height: number;
}

/** A worker's answer. */
export interface NodeChunk {
  readonly id: number;
  readonly leaves: Uint8Array<ArrayBuffer>;
  readonly nodes: Uint8Array<ArrayBuffer>;
  readonly fault: NodeFault | null;
}

/** What a worker does with a chunk: `leafNodes`. */
export function hashChunk(kernel: Kernel, { id, leaves, height }: LeafChunk): NodeChunk {
  const nodes = new Uint8Array(nodesAbove(leaves.length / LEAF_BYTES, height) * NODE_BYTES);
  return { id, leaves, nodes, fault: leafNodes(kernel, leaves, nodes, height) };
}
