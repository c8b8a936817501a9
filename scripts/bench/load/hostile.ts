import { readFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { MIB } from "../../../src/base/lib/sizes.ts";
import { quantile } from "./quantile.ts";
import { NDJSON, ROWS_PATH } from "./rows.ts";

/** What one tenant sends to stop everybody, and how. */
export interface Attack {
  readonly name: string;
  /** Makes what is sent, before anything is measured. */
  prepare(): (target: Target) => Promise<string>;
}

export interface Target {
  readonly url: string;
  /** Of the attacker. */
  readonly token: string;
}

/** What the others had of it; milliseconds and bytes. */
export interface AttackResult {
  readonly attack: string;
  /** What the attacker was answered. */
  readonly answer: string;
  readonly seconds: number;
  readonly health: Waited;
  /** Another tenant that looks at its batches. */
  readonly other: Waited;
  /** Of the service, before and at the most. */
  readonly residentBefore: number;
  readonly residentMost: number;
}

interface Waited {
  readonly p99: number;
  readonly most: number;
  readonly asked: number;
}

const BODY = 8 * MIB - 64;
const UNREAD_CONNECTIONS = 60;
const UNREAD_ROWS = 5_000;
const UNREAD_SECONDS = 10;
const BATCHES = "/v1/batches";
const UNKNOWN_BATCH = `0x${"0".repeat(64)}`;

const filled = (text: string): string => text.repeat(Math.floor(BODY / text.length));
const keys = (count: number): string =>
  Array.from({ length: count }, (_, key) => `"k${String(key)}":1`).join();

const sent = (
  name: string,
  path: string,
  type: string,
  body: () => string | Uint8Array,
  method = "POST",
) => ({
  name,
  prepare() {
    const made = body();
    return ({ url, token }: Target) => answerTo(url, { method, path, type, token, body: made });
  },
});

/** Each was seen to hold everybody up for seconds to minutes, or to fill the memory. */
export const ATTACKS: readonly Attack[] = [
  sent(
    "8 MB of [1,1,…] as attestations",
    `${BATCHES}/${UNKNOWN_BATCH}/mint`,
    "application/json",
    () => `{"attestations":[${filled("1,")}1]}`,
  ),
  sent("560,000 unknown members", BATCHES, "application/json", () => `{${keys(560_000)}}`),
  sent("8 MB of [[[[…", BATCHES, "application/json", () => filled("[")),
  sent(
    "a profile of 25,000 keys",
    "/v1/profiles/wide",
    "application/yaml",
    () => Array.from({ length: 25_000 }, (_, key) => `k${String(key)}: 1\n`).join(""),
    "PUT",
  ),
  sent("a profile of [[[[…", "/v1/profiles/deep", "application/yaml", () => "[".repeat(250_000), "PUT"),
  sent("8 MB of newlines", ROWS_PATH, NDJSON, () => filled("\n")),
  sent("1 GB of newlines in a gzip", ROWS_PATH, "application/gzip", () =>
    gzipSync(Buffer.alloc(1024 * MIB, "\n")),
  ),
  sent("8 MB of one-letter rows, checked", "/v1/profiles/canonical-ndjson/check", NDJSON, () =>
    filled("x\n"),
  ),
  sent("8 MB of newlines for a proposal", "/v1/profile-proposals", "text/csv", () => filled("\n")),
  sent(
    "a rule of 500,000 elements",
    "/v1/methodologies",
    "application/json",
    () => `{"schema":"microtonne-methodology/2","rule":[${"1,".repeat(500_000)}1]}`,
  ),
  { name: `${String(UNREAD_CONNECTIONS)} answers left unread`, prepare: () => leaveUnread },
];

/** Runs one attack while others are measured. @param pid the service's process */
export async function attack(one: Attack, target: Target, other: Target, pid: number): Promise<AttackResult> {
  const run = one.prepare();
  const over = new AbortController();
  const begun = performance.now();
  const before = residentOf(pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentOf(pid))), 50);
  const health = askAgain(target.url, "/healthz", null, over.signal);
  const reads = askAgain(other.url, BATCHES, other.token, over.signal);
  await sleep(500);
  const answer = await run(target);
  await sleep(500);
  over.abort();
  const [healthWaits, readWaits] = await Promise.all([health, reads]);
  clearInterval(watch);
  return {
    attack: one.name,
    answer,
    seconds: (performance.now() - begun) / 1000 - 1,
    health: waitedOf(healthWaits),
    other: waitedOf(readWaits),
    residentBefore: before,
    residentMost: most,
  };
}

/** One line an attack. */
export function hostileTable(results: readonly AttackResult[]): string {
  const head = [
    "attack",
    "answer",
    "took s",
    "/healthz p99",
    "most ms",
    "other p99",
    "most ms",
    "MB",
    "most MB",
  ];
  const rows = results.map((one) => [
    one.attack,
    one.answer,
    one.seconds.toFixed(1),
    ...[one.health.p99, one.health.most, one.other.p99, one.other.most].map((ms) => String(Math.round(ms))),
    ...[one.residentBefore, one.residentMost].map((bytes) => String(Math.round(bytes / MIB))),
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}

async function answerTo(
  url: string,
  {
    method,
    path,
    type,
    token,
    body,
  }: { method: string; path: string; type: string; token: string; body: string | Uint8Array },
): Promise<string> {
  try {
    const answer = await fetch(new URL(path, url), {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": type },
      body: body as string,
      signal: AbortSignal.timeout(300_000),
    });
    const text = await answer.text();
    const code = /"code":"([a-z.-]+)"/.exec(text.slice(0, 1000))?.[1] ?? `${String(text.length)} bytes`;
    return `${String(answer.status)} ${code}`;
  } catch (error) {
    return `cut off (${String((error as Error).cause ?? error).slice(0, 40)})`;
  }
}

/** Answers of some MB each that nobody reads. */
async function leaveUnread({ url, token }: Target): Promise<string> {
  const { hostname, port } = new URL(url);
  const sockets: Socket[] = [];
  const body = "x\n".repeat(UNREAD_ROWS);
  let cut = 0;
  for (let index = 0; index < UNREAD_CONNECTIONS; index++) {
    const socket = connect(Number(port), hostname);
    socket.pause();
    socket.on("error", () => undefined);
    socket.on("close", () => (cut += 1));
    const asked =
      `GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n`.repeat(200) +
      `POST ${ROWS_PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
      `Content-Type: ${NDJSON}\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;
    socket.write(asked);
    sockets.push(socket);
    await sleep(10);
  }
  await sleep(UNREAD_SECONDS * 1000);
  for (const socket of sockets) socket.destroy();
  return `${String(cut)} of ${String(UNREAD_CONNECTIONS)} ended by then`;
}

async function askAgain(
  url: string,
  path: string,
  token: string | null,
  over: AbortSignal,
): Promise<number[]> {
  const waits: number[] = [];
  const asked: Promise<void>[] = [];
  while (!over.aborted) {
    const begun = performance.now();
    asked.push(
      fetch(new URL(path, url), token === null ? {} : { headers: { authorization: `Bearer ${token}` } })
        .then((answer) => answer.arrayBuffer())
        .then(
          () => void waits.push(performance.now() - begun),
          () => void waits.push(Number.POSITIVE_INFINITY),
        ),
    );
    await sleep(100);
  }
  await Promise.all(asked);
  return waits;
}

function waitedOf(waits: readonly number[]): Waited {
  return { p99: quantile(waits, 0.99), most: Math.max(...waits), asked: waits.length };
}

function residentOf(pid: number): number {
  try {
    return (
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${String(pid)}/status`, "utf8"))?.[1] ?? 0) * 1024
    );
  } catch {
    return 0;
  }
}
