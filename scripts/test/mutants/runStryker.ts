import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import type { FoundMutant } from "./findMutants.ts";
import type { MutatedFolder } from "./folders.ts";
import { GLOBS_APART } from "./globsApart.ts";
import type { Places } from "./placesOf.ts";
import { BEAT } from "./strykerPlugins.ts";

/** Long enough for Stryker to write down what is done; what is left of it then is killed. */
const GRACE_MILLISECONDS = 20_000;
const STOPPING = "Stopping. What is done is kept: the same command goes on from there.\n";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Not copied: what tests make, and what git, builds and other runs leave behind. */
const NOT_COPIED = [".stryker", ".microtonne", ".vitest", "coverage", "dist", "cache", "*.log"];

interface Manner {
  readonly places: Places;
  readonly concurrency: number;
  /** Forgets earlier results. */
  readonly fresh: boolean;
}

function configOf(folder: string, { places, concurrency }: Manner): object {
  return {
    testRunner: "vitest",
    vitest: { configFile: "scripts/test/mutants/vitest.config.ts", related: true, pool: "forks" },
    coverageAnalysis: "perTest",
    mutate: [`${folder}/**/*.ts`],
    checkers: ["drawn"],
    plugins: [
      import.meta.resolve("@stryker-mutator/vitest-runner"),
      new URL("strykerPlugins.ts", import.meta.url).href,
    ],
    reporters: ["beat"],
    drawnFile: path.resolve(places.drawn),
    incremental: true,
    incrementalFile: places.results,
    tempDirName: places.copies,
    ignorePatterns: NOT_COPIED,
    concurrency,
    timeoutMS: 10_000,
    dryRunTimeoutMinutes: 30,
    // Vitest strips types without checking them; TypeScript 7 has not the interface that Stryker asks for.
    disableTypeChecks: false,
    tsconfigFile: "none",
    warnings: false,
    allowConsoleColors: false,
    logLevel: "error",
  };
}

/**
 * Runs the tests of a folder on the drawn mutants. Returns Stryker's exit code, or null where a signal
 * ended it; what was done until then is in `places.results` either way. Its output goes to `places.log`.
 */
export async function runStryker(
  folder: string,
  { tests, without }: MutatedFolder,
  drawn: readonly FoundMutant[],
  manner: Manner,
): Promise<number | null> {
  const { places, fresh } = manner;
  if (fresh) rmSync(places.results, { force: true });
  mkdirSync(path.dirname(places.config), { recursive: true });
  writeFileSync(places.drawn, JSON.stringify(drawn.map(({ key }) => key)));
  writeFileSync(places.config, JSON.stringify(configOf(folder, manner), null, 2));
  const log = openSync(places.log, "w");
  // A group of its own: a terminal's Ctrl-C would reach each of its processes, and its report be lost.
  const child = spawn("stryker", ["run", places.config], {
    detached: true,
    stdio: ["ignore", log, "pipe"],
    env: {
      MICROTONNE_DATA: path.resolve("../shared/data"),
      // Thousands more find what is rare; a mutant lives in every example.
      SPAN_HISTORIES: "2000",
      ...process.env,
      MUTANTS_TESTS: tests.join(GLOBS_APART),
      MUTANTS_WITHOUT: without.join(GLOBS_APART),
    },
  });
  createInterface({ input: child.stderr as Readable }).on("line", (line) => {
    if (line.startsWith(BEAT)) process.stderr.write(`${line}\n`);
    else writeSync(log, `${line}\n`);
  });
  const killAll = () => killGroup(child.pid);
  let stopped = false;
  const stop = () => {
    if (stopped) return killAll();
    stopped = true;
    process.stderr.write(`\n${STOPPING}`);
    child.kill("SIGTERM");
    setTimeout(killAll, GRACE_MILLISECONDS).unref();
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    return stopped ? null : code;
  } finally {
    killAll();
    for (const signal of SIGNALS) process.off(signal, stop);
    closeSync(log);
    rmSync(places.copies, { recursive: true, force: true });
  }
}

/** Ends what a run left of its processes, tests' children included. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // None is left.
  }
}
