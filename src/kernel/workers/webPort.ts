import type { SentNodes } from "./leafChunk.ts";
import type { WorkerListener, WorkerPort } from "./workerPort.ts";

type FailureType = "error" | "messageerror";
interface WebWorker {
  addEventListener(type: "message", listener: (event: { readonly data: SentNodes }) => void): void;
  addEventListener(type: FailureType, listener: (event: { readonly message?: string }) => void): void;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}
type WebWorkerClass = new (url: URL, options: { readonly type: "module" }) => WebWorker;

/** Starts a Web Worker. */
export function webPort({ onAnswer, onError }: WorkerListener): WorkerPort {
  const { Worker } = globalThis as unknown as { readonly Worker: WebWorkerClass };
  // Bundlers look for exactly this expression, with a name that is spelled out: that of the built file, since
  // no browser loads the source.
  const worker = new Worker(new URL("./webWorker.js", import.meta.url), { type: "module" });
  worker.addEventListener("message", ({ data }) => {
    onAnswer(data);
  });
  worker.addEventListener("messageerror", () => {
    onError(new Error("A hashing worker's answer could not be read."));
  });
  worker.addEventListener("error", ({ message }) => {
    onError(new Error(`A hashing worker failed: ${message ?? "it could not be loaded"}.`));
  });
  return {
    send: (chunk) => {
      worker.postMessage(chunk, [chunk.leaves.buffer]);
    },
    // A page's workers end with the page.
    hold: () => {},
    end: () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}
