/** Entry of a worker thread of Node: says that it is there; answers chunks until its port is closed. */
import { parentPort } from "node:worker_threads";
import { sharedKernel } from "../sharedKernel.ts";
import { hashChunk, type SentChunk } from "./leafChunk.ts";

parentPort?.on("message", (chunk: SentChunk) => {
  const answer = { ...hashChunk(sharedKernel(), chunk), leaves: chunk.leaves };
  parentPort?.postMessage(answer, [answer.leaves.buffer, answer.nodes.buffer]);
});
parentPort?.postMessage("ready", []);
