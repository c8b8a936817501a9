import { NODE_BYTES, nodesAbove } from "../climb.ts";
import type { Kernel } from "../kernel.ts";
import { LEAF_BYTES, leafNodes } from "../leafNodes.ts";
import type { SumFault } from "../sumFault.ts";

/** Leaves to hash. */
export interface LeafChunk {
  readonly id: number;
  readonly leaves: Uint8Array;
  readonly height: number;
}

/** A chunk on its way to a worker: its memory goes with it, and comes back with the answer. */
export interface SentChunk extends LeafChunk {
  readonly leaves: Uint8Array<ArrayBuffer>;
}

/** The answer. */
export interface NodeChunk {
  readonly id: number;
  readonly nodes: Uint8Array<ArrayBuffer>;
  readonly fault: SumFault | null;
}

/** A worker's answer. */
export interface SentNodes extends NodeChunk {
  readonly leaves: Uint8Array<ArrayBuffer>;
}

/** What is done with a chunk: `leafNodes`. */
export function hashChunk(kernel: Kernel, { id, leaves, height }: LeafChunk): NodeChunk {
  const nodes = new Uint8Array(nodesAbove(leaves.length / LEAF_BYTES, height) * NODE_BYTES);
  return { id, nodes, fault: leafNodes(kernel, leaves, nodes, height) };
}
