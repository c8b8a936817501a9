import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { pairsRoot } from "./pairsRoot.ts";
import type { PairsJob } from "./pairsWorker.ts";

/** `pairsRoot` on two worker threads. */
export class PairsWorkers {
  readonly #workers = [0, 1].map(() => new Worker(new URL("./pairsWorker.ts", import.meta.url)));

  /** The root over hashes in shared memory. Chunks are whole subtrees, the last one apart. */
  async root(kernel: Kernel, leaves: Uint8Array, sortPairs: boolean): Promise<Uint8Array> {
    const chunkBytes = 32 * Math.max(1, 2 ** Math.floor(Math.log2(leaves.length / 32 / 32)));
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < leaves.length; at += chunkBytes) chunks.push(leaves.subarray(at, at + chunkBytes));
    const half = Math.ceil(chunks.length / 2);
    const answers = this.#workers.map(async (worker, i) => {
      const answer = once(worker, "message") as Promise<[Uint8Array[]]>;
      const job: PairsJob = { chunks: chunks.slice(i * half, (i + 1) * half), sortPairs };
      worker.postMessage(job, []);
      return (await answer)[0];
    });
    const roots = (await Promise.all(answers)).flat();
    return pairsRoot(kernel, Buffer.concat(roots), sortPairs);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
