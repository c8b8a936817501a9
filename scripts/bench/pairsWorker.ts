/** Entry of a worker thread: roots of chunks of hashes, whose memory all threads share. */
import { parentPort } from "node:worker_threads";
import { sharedKernel } from "../../src/kernel/sharedKernel.ts";
import { pairsRoot } from "./pairsRoot.ts";

/** A worker's part of the chunks. */
export interface PairsJob {
  readonly chunks: readonly Uint8Array[];
  readonly sortPairs: boolean;
}

parentPort?.on("message", ({ chunks, sortPairs }: PairsJob) => {
  const roots = chunks.map((chunk) => pairsRoot(sharedKernel(), chunk, sortPairs));
  parentPort?.postMessage(roots, []);
});
