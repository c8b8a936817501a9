import { once } from "node:events";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import { MIB } from "../../../src/base/lib/sizes.ts";
import type { Answers, AttackTerms } from "./attacker.ts";
import { BATCHES, type Attack, type Target } from "./attacks.ts";
import { quantile } from "./quantile.ts";

/** Once, or on so many connections as fast as answers come, for so long. */
export type Persistence = { readonly connections: number; readonly seconds: number } | null;

/** What the others had of it; milliseconds and bytes. */
export interface AttackResult {
  readonly attack: string;
  /** What the attacker was answered, and how often. */
  readonly answers: Answers;
  readonly seconds: number;
  readonly health: Waited;
  /** Another tenant that looks at its batches. */
  readonly other: Waited;
  /** Of the service, before and at the most. */
  readonly residentBefore: number;
  readonly residentMost: number;
}

interface Waited {
  /** Null of too few: it would be the longest. */
  readonly p99: number | null;
  readonly most: number;
  readonly asked: number;
}

/** Of so many the longest is no percentile. */
const SAMPLES_FOR_P99 = 100;
const ASK_MILLISECONDS = 50;

/** Runs one attack while others are measured. @param pid the service's process */
export async function attack(
  one: Attack,
  target: Target,
  other: Target,
  { pid, persistence }: { readonly pid: number; readonly persistence: Persistence },
): Promise<AttackResult> {
  const prepared = await one.prepare(target);
  const over = new AbortController();
  const before = residentOf(pid);
  let most = before;
  const watch = setInterval(() => (most = Math.max(most, residentOf(pid))), 50);
  const health = askAgain(target.url, "/healthz", null, over.signal);
  const reads = askAgain(other.url, BATCHES, other.token, over.signal);
  await sleep(500);
  const begun = performance.now();
  const answers: Answers =
    typeof prepared === "function"
      ? { [await prepared()]: 1 }
      : await answersTo({ ...target, ...prepared, ...(persistence ?? { connections: 1, seconds: null }) });
  const seconds = (performance.now() - begun) / 1000;
  await sleep(500);
  over.abort();
  const [healthWaits, readWaits] = await Promise.all([health, reads]);
  clearInterval(watch);
  return {
    attack: one.name,
    answers,
    seconds,
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
    "answers",
    "s",
    "/healthz p99",
    "most",
    "of",
    "other p99",
    "most",
    "of",
    "MB",
    "most",
  ];
  const rows = results.map(({ attack: name, answers, seconds, health, other, ...resident }) => [
    name,
    Object.entries(answers)
      .map(([answer, times]) => (times === 1 ? answer : `${answer} × ${String(times)}`))
      .join(", "),
    seconds.toFixed(1),
    ...[health, other].flatMap(({ p99, most, asked }) => [
      p99 === null ? "-" : String(Math.round(p99)),
      String(Math.round(most)),
      String(asked),
    ]),
    ...[resident.residentBefore, resident.residentMost].map((bytes) => String(Math.round(bytes / MIB))),
  ]);
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  return all
    .map((row) =>
      row.map((cell, i) => (i < 2 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join("  "),
    )
    .join("\n");
}

async function answersTo(terms: AttackTerms): Promise<Answers> {
  const worker = new Worker(new URL("./attacker.ts", import.meta.url), { workerData: terms });
  const [answers] = (await once(worker, "message")) as [Answers];
  return answers;
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
    await sleep(ASK_MILLISECONDS);
  }
  await Promise.all(asked);
  return waits;
}

function waitedOf(waits: readonly number[]): Waited {
  const asked = waits.length;
  return {
    p99: asked < SAMPLES_FOR_P99 ? null : quantile(waits, 0.99),
    most: Math.max(...waits),
    asked,
  };
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
