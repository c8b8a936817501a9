/** Entry of a Web Worker (type "module"): says that it is there; answers chunks until it is terminated. */
import { sharedKernel } from "../sharedKernel.ts";
import { hashChunk, type SentChunk } from "./leafChunk.ts";

interface WorkerScope {
  addEventListener(type: "message", listener: (event: { readonly data: SentChunk }) => void): void;
  postMessage(message: unknown, transfer: readonly ArrayBuffer[]): void;
}

const scope = globalThis as unknown as WorkerScope;
scope.addEventListener("message", ({ data }) => {
  const answer = { ...hashChunk(sharedKernel(), data), leaves: data.leaves };
  scope.postMessage(answer, [answer.leaves.buffer, answer.nodes.buffer]);
});
scope.postMessage("ready", []);
