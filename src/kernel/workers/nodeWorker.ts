/** Entry of a worker thread of Node: answers chunks until its port is closed. */
import { parentPort } from "node:worker_threads";
import { sharedKernel } from "../sharedKernel.ts";
import { hashChunk, type LeafChunk } from "./leafChunk.ts";

parentPort?.on("message", (chunk: LeafChunk) => {
  const answer = hashChunk(sharedKernel(), chunk);
  parentPort?.postMessage(answer, [answer.leaves.buffer, answer.nodes.buffer]);
});
