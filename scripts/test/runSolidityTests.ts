import hre from "hardhat";
import type { Tally } from "./addTallies.ts";

interface Summary {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}
/** What Hardhat's task answers: the summary is under `value` where all passed, else under `error`. */
interface TaskResult {
  readonly success: boolean;
  readonly value?: { readonly summary: Summary };
  readonly error?: { readonly summary: Summary };
}

/** Runs the Solidity tests in test/contracts; sources that do not compile count as one failure. */
export async function runSolidityTests(): Promise<Tally> {
  try {
    const result = (await hre.tasks.getTask(["test", "solidity"]).run()) as TaskResult;
    const summary = (result.value ?? result.error)?.summary;
    if (summary === undefined) throw new Error("Hardhat's Solidity tests gave no summary.");
    const failed = result.success ? summary.failed : Math.max(1, summary.failed);
    return {
      passed: summary.passed,
      failed,
      skipped: Array<string>(summary.skipped).fill("a Solidity test"),
    };
  } catch (error) {
    process.stdout.write(
      `FAILED  Solidity tests: ${error instanceof Error ? error.message : String(error)}\n`,
    );
    return { passed: 0, failed: 1, skipped: [] };
  }
}
