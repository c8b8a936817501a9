import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { killIfThere } from "./chainNodes.ts";

export const MAIN = new URL("../../../src/doors/cli/main.ts", import.meta.url).pathname;

/** How a run of the command line ended. */
export interface Ending {
  readonly code: number | null;
  /** True where it did not end by itself. */
  readonly killed: boolean;
  /** The one JSON value on standard output; null where there is none. */
  readonly json: unknown;
  readonly stderr: string;
}

/** A run under way, in a process group of its own. */
export interface Run {
  readonly pid: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** The process's ending; never rejects. */
  readonly ending: Promise<Ending>;
  isRunning(): boolean;
  /** kill -9 for the whole group, where it is still there; `ending` says whether it was. */
  kill(): void;
}

/**
 * The settings of a child: none of ours but those given, so that nothing leaks in from the machine that
 * tests.
 */
export function environmentOf(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const ours = /^(?:MICROTONNE_|DATABASE_URL$|TEST_DATABASE_URL$|NODE_OPTIONS$|VITEST)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !ours.test(name))),
    ...settings,
  };
}

/** Starts `microtonne --json` as a real child process. */
export function startMicrotonne(words: readonly string[], settings: Readonly<Record<string, string>>): Run {
  const startedAt = Date.now();
  const child = spawn(process.execPath, [MAIN, "--json", ...words], {
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: environmentOf(settings),
  });
  const pid = child.pid;
  if (pid === undefined) throw new Error("The command line did not start.");
  return {
    pid,
    startedAt,
    ending: endingOf(child),
    isRunning: () => child.exitCode === null && child.signalCode === null,
    kill: () => killIfThere(-pid),
  };
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const [[code, signal], out, stderr] = await Promise.all([
    once(child, "close") as Promise<[number | null, NodeJS.Signals | null]>,
    child.stdout ? text(child.stdout) : "",
    child.stderr ? text(child.stderr) : "",
  ]);
  return { code, killed: signal === "SIGKILL", json: parsed(out), stderr };
}

/** Null for half a value too: a process may be killed while it writes. */
function parsed(out: string): unknown {
  try {
    return JSON.parse(out);
  } catch {
    return null;
  }
}
