import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { pairsRoot, SUBTREE_LEAVES } from "./pairsRoot.ts";
import type { PairsJob } from "./pairsWorker.ts";

/** `pairsRoot` on two worker threads. */
export class PairsWorkers {
  readonly #workers = [0, 1].map(() => new Worker(new URL("./pairsWorker.ts", import.meta.url)));

  /** The root over hashes in shared memory. */
  async root(kernel: Kernel, leaves: Uint8Array, sortPairs: boolean): Promise<Uint8Array> {
    const chunkBytes = 32 * Math.min(SUBTREE_LEAVES, 2 ** Math.floor(Math.log2(leaves.length / 32)));
    const roots = new Uint8Array(new SharedArrayBuffer(32 * Math.ceil(leaves.length / chunkBytes)));
    const taken = new Int32Array(new SharedArrayBuffer(4));
    const job: PairsJob = { leaves, sortPairs, chunkBytes, taken, roots };
    await Promise.all(
      this.#workers.map(async (worker) => {
        const done = once(worker, "message");
        worker.postMessage(job, []);
        await done;
      }),
    );
    return pairsRoot(kernel, roots, sortPairs);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}
