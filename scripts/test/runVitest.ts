import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Tally } from "./addTallies.ts";

/** The parts of vitest's JSON report that we read. */
interface Report {
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[];
  }[];
}

/**
 * Runs all TypeScript tests. A file that cannot be loaded counts as one failure, and so does a run that ends
 * badly without any failed test (an unhandled rejection, a crash).
 */
export function runVitest(): Tally {
  const folder = mkdtempSync(path.join(tmpdir(), "microtonne-tests-"));
  try {
    const file = path.join(folder, "report.json");
    const { status } = spawnSync(
      "vitest",
      ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`],
      {
        stdio: "inherit",
      },
    );
    const tally = tallyOf(JSON.parse(readFileSync(file, "utf8")) as Report);
    return status !== 0 && tally.failed === 0 ? { ...tally, failed: 1 } : tally;
  } catch (error) {
    process.stdout.write(
      `FAILED  vitest gave no report: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return { passed: 0, failed: 1, skipped: [] };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function tallyOf(report: Report): Tally {
  let passed = 0;
  let failed = 0;
  const skipped: string[] = [];
  for (const file of report.testResults) {
    const failedInFile = file.assertionResults.filter((test) => test.status === "failed").length;
    failed += file.status === "failed" ? Math.max(1, failedInFile) : failedInFile;
    for (const test of file.assertionResults) {
      if (test.status === "passed") passed += 1;
      else if (test.status !== "failed") skipped.push(test.fullName);
    }
  }
  return { passed, failed, skipped };
}
