import { spawnSync } from "node:child_process";
import { MIB } from "../../src/base/lib/sizes.ts";
import type { Tally } from "./addTallies.ts";

/** A command that says by its exit code whether the sources are in order. */
export interface Check {
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
}

/**
 * Runs all checks, one line each; the output of a check is shown where it fails. A failed check counts as one
 * failure, a passed one as nothing.
 */
export function runChecks(checks: readonly Check[]): Tally {
  let failed = 0;
  for (const { name, command, args = [] } of checks) {
    const started = performance.now();
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      encoding: "utf8",
      maxBuffer: 64 * MIB,
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (status === 0) {
      process.stdout.write(`ok      ${name} (${seconds} s)\n`);
    } else {
      failed += 1;
      process.stdout.write(
        `FAILED  ${name}: ${[command, ...args].join(" ")}\n${stdout}${stderr}${error?.message ?? ""}\n`,
      );
    }
  }
  return { passed: 0, failed, skipped: [] };
}
