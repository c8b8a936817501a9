import { Worker } from "node:worker_threads";

/** Gives a thread of Node what the kernel's entry uses of a Web Worker's scope, then loads the entry. */
const SCOPE = `
  const { parentPort, workerData } = require("node:worker_threads");
  globalThis.addEventListener = (type, listener) => parentPort.on(type, (data) => listener({ data }));
  globalThis.postMessage = (message, transfer) => parentPort.postMessage(message, transfer);
  import(workerData);
`;

/** A browser's `Worker` on a thread of Node, as far as the kernel uses it. */
export class WebWorker {
  readonly #thread: Worker;

  constructor(url: URL, options: { readonly type: string }) {
    if (options.type !== "module") throw new Error("The entry is a module.");
    // As a bundler does, it finds the source of the file that is named.
    this.#thread = new Worker(SCOPE, { eval: true, workerData: url.href.replace(/\.js$/, ".ts") });
  }

  addEventListener(type: string, listener: (event: { data?: unknown; message?: string }) => void): void {
    this.#thread.on(type, (value: unknown) => {
      listener(value instanceof Error ? { message: value.message } : { data: value });
    });
  }

  postMessage(message: unknown, transfer: ArrayBuffer[]): void {
    this.#thread.postMessage(message, transfer);
  }

  terminate(): void {
    void this.#thread.terminate();
  }
}
