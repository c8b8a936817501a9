import type { SentNodes } from "./leafChunk.ts";
import type { WorkerListener, WorkerPort } from "./workerPort.ts";

type FailureType = "error" | "messageerror";
interface WebWorker {
  addEventListener(type: "message", listener: (event: { readonly data: SentNodes | "ready" }) => void): void;
  addEventListener(type: FailureType, listener: (event: { readonly message?: string }) => void): void;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
  terminate(): void;
}
type WebWorkerClass = new (url: URL, options: { readonly type: "module" }) => WebWorker;

/**
 * Starts a Web Worker. @throws Error where the page lets us start none, or it could not be loaded: a policy
 * of the page, a bundler that knows no workers
 */
export async function webPort({ onAnswer, onError }: WorkerListener): Promise<WorkerPort> {
  const { Worker } = globalThis as unknown as { readonly Worker: WebWorkerClass };
  // Bundlers look for exactly this expression, with a name that is spelled out: that of the built file, since
  // no browser loads the source.
  const worker = new Worker(new URL("./webWorker.js", import.meta.url), { type: "module" });
  await new Promise<void>((resolve, reject) => {
    const fail = (error: Error): void => {
      reject(error);
      onError(error);
    };
    worker.addEventListener("message", ({ data }) => {
      if (data === "ready") resolve();
      else onAnswer(data);
    });
    worker.addEventListener("messageerror", () => {
      fail(new Error("A hashing worker's answer could not be read."));
    });
    worker.addEventListener("error", ({ message }) => {
      fail(new Error(`A hashing worker failed: ${message ?? "it could not be loaded"}.`));
    });
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
