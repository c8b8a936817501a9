import type { WorkerListener, WorkerPort } from "./workerPort.ts";

/** Starts a worker as this platform starts them; a browser never loads what is for Node. */
export async function openPort(listener: WorkerListener): Promise<WorkerPort> {
  const versions: object = globalThis.process?.versions ?? {};
  if (!("node" in versions)) return (await import("./webPort.ts")).webPort(listener);
  return (await import("./nodePort.ts")).nodePort(listener);
}
