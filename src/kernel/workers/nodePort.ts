import { Worker } from "node:worker_threads";
import type { WorkerListener, WorkerPort } from "./workerPort.ts";

/** Starts a worker thread of Node. */
export function nodePort({ onAnswer, onError }: WorkerListener): WorkerPort {
  // Node loads the sources as they are, and in a build the file that the compiler made of them.
  const entry = import.meta.url.endsWith(".ts") ? "./nodeWorker.ts" : "./nodeWorker.js";
  const worker = new Worker(new URL(entry, import.meta.url));
  worker.on("message", onAnswer);
  worker.on("messageerror", onError);
  worker.on("error", (cause) => {
    onError(new Error("A hashing worker failed.", { cause }));
  });
  worker.on("exit", () => {
    onError(new Error("A hashing worker has ended."));
  });
  worker.unref();
  return {
    send: (chunk) => {
      worker.postMessage(chunk, [chunk.leaves.buffer]);
    },
    hold: (alive) => {
      if (alive) worker.ref();
      else worker.unref();
    },
    end: async () => {
      await worker.terminate();
    },
  };
}
