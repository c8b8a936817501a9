/** Entry of a worker thread: roots of chunks of hashes, in memory that all threads share. */
import { parentPort } from "node:worker_threads";
import { sharedKernel } from "../../src/kernel/sharedKernel.ts";
import { pairsRoot } from "./pairsRoot.ts";

/** A tree that all workers build at once. */
export interface PairsJob {
  readonly leaves: Uint8Array;
  /** The smaller one of two is left. */
  readonly sortPairs: boolean;
  /** Of the chunks, which are whole subtrees, the last one apart. */
  readonly chunkBytes: number;
  /** How many chunks were taken: whoever is free takes the next one. */
  readonly taken: Int32Array;
  /** The chunks' roots, 32 bytes each. */
  readonly roots: Uint8Array;
}

parentPort?.on("message", ({ leaves, chunkBytes, taken, roots, sortPairs }: PairsJob) => {
  for (;;) {
    const chunk = Atomics.add(taken, 0, 1);
    const at = chunk * chunkBytes;
    if (at >= leaves.length) break;
    roots.set(pairsRoot(sharedKernel(), leaves.subarray(at, at + chunkBytes), sortPairs), 32 * chunk);
  }
  parentPort?.postMessage("done", []);
});
