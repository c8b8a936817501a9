import { parentPort, workerData } from "node:worker_threads";
import type { HostileRequest, Target } from "./attacks.ts";

/** What is sent, on how many connections, and for how long; handed over as the worker's data. */
export interface AttackTerms extends Target, HostileRequest {
  readonly connections: number;
  /** Null: once on each connection. */
  readonly seconds: number | null;
}
/** How often each answer came: status and code. */
export type Answers = Readonly<Record<string, number>>;

/** A worker, so that sending the bodies takes nothing from those who measure. */
const { url, token, method, path, type, body, connections, seconds } = workerData as AttackTerms;
const until = performance.now() + (seconds ?? 0) * 1000;
const counts = new Map<string, number>();

async function send(): Promise<string> {
  try {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      body: body as Uint8Array<ArrayBuffer>,
      signal: AbortSignal.timeout(300_000),
    });
    const text = await answer.text();
    const code = /"code":"([a-z.-]+)"/.exec(text.slice(0, 1000))?.[1];
    return `${String(answer.status)}${code === undefined ? "" : ` ${code}`}`;
  } catch (error) {
    return `cut off (${String((error as Error).cause ?? error).slice(0, 40)})`;
  }
}

async function connection(): Promise<void> {
  do {
    const answer = await send();
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  } while (performance.now() < until);
}

await Promise.all(Array.from({ length: connections }, connection));
parentPort?.postMessage(Object.fromEntries(counts) satisfies Answers, []);
parentPort?.close();
