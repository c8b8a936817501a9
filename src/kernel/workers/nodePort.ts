import { Worker } from "node:worker_threads";
import type { SentNodes } from "./leafChunk.ts";
import type { WorkerListener, WorkerPort } from "./workerPort.ts";

/** Starts a worker thread of Node. @throws Error where it can't be loaded or ends at once */
export async function nodePort({ onAnswer, onError }: WorkerListener): Promise<WorkerPort> {
  // Node loads the sources as they are, and in a build the file that the compiler made of them.
  const entry = import.meta.url.endsWith(".ts") ? "./nodeWorker.ts" : "./nodeWorker.js";
  const worker = new Worker(new URL(entry, import.meta.url));
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      onError(error);
    };
    worker.on("message", (data: SentNodes | "ready") => {
      if (data === "ready") resolve();
      else onAnswer(data);
    });
    worker.on("messageerror", fail);
    worker.on("error", (cause) => {
      fail(new Error("A hashing worker failed.", { cause }));
    });
    worker.on("exit", () => {
      fail(new Error("A hashing worker has ended."));
    });
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
