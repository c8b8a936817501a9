/** The project's own test command: static checks, Solidity tests, then vitest; one closing line for all. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Check, runChecks } from "./runChecks.ts";
import { runSolidityTests } from "./runSolidityTests.ts";
import { addTallies, type Tally } from "./addTallies.ts";
import { runVitest } from "./runVitest.ts";

const HELP = `Runs the checks and tests of this project.

  node scripts/test/run-tests.ts --all      static checks, Solidity tests, TypeScript tests
  node scripts/test/run-tests.ts --checks   static checks only

The last line is "N passed, N failed": all tests, and each failed check as one failure. The exit code is 0
only where nothing failed.
`;

const CHECKS: readonly Check[] = [
  { name: "types", command: "tsc" },
  { name: "lint", command: "oxlint", args: ["--deny-warnings"] },
  { name: "contract lint", command: "solhint", args: ["--max-warnings", "0", "contracts/**/*.sol"] },
  { name: "format", command: "prettier", args: ["--check", "."] },
  { name: "unused code", command: "knip" },
  { name: "unused code, production", command: "knip", args: ["--production", "--exclude", "binaries"] },
  { name: "conservation laws", command: "node", args: ["scripts/contracts/prove-conservation.ts", "--run"] },
  { name: "generated ABIs", command: "node", args: ["scripts/generate/abis.ts", "--check"] },
  { name: "generated client", command: "node", args: ["scripts/generate/client.ts", "--check"] },
  { name: "generated kernel", command: "node", args: ["scripts/generate/kernel.ts", "--check"] },
  { name: "page of speeds", command: "node", args: ["scripts/generate/speed.ts", "--check"] },
  { name: "golden vectors", command: "node", args: ["scripts/generate/vectors.ts", "--check"] },
  { name: "gas snapshot", command: "node", args: ["scripts/contracts/gas.ts", "--check"] },
  { name: "lock file", command: "node", args: ["scripts/setup/complete-lock.ts", "--check"] },
];

/**
 * What this machine lacks for the whole run. These are the only conditions on which tests of this project
 * skip.
 */
function missingHere(): string[] {
  const missing: string[] = [];
  const data = process.env["MICROTONNE_DATA"] ?? "../shared/data";
  if (!existsSync(data))
    missing.push(`The real data is not at ${data} (MICROTONNE_DATA): the tests that read it were skipped.`);
  if ((process.env["TEST_DATABASE_URL"] ?? "") === "")
    missing.push("TEST_DATABASE_URL is not set: storage was tested on PGlite only.");
  const browsers = ["chromium", "chromium-browser", "google-chrome"];
  if (!browsers.some((name) => spawnSync("which", [name]).status === 0))
    missing.push("There is no Chromium: kernel and verifier were tested in Node only.");
  return missing;
}

function report(tally: Tally, missing: readonly string[]): void {
  process.stdout.write(["", ...missing, ""].join("\n"));
  if (tally.skipped.length > 0) process.stdout.write(`${String(tally.skipped.length)} tests were skipped.\n`);
  if (missing.length === 0) process.stdout.write(tally.skipped.map((name) => `  ${name}\n`).join(""));
  process.stdout.write(`\n${String(tally.passed)} passed, ${String(tally.failed)} failed\n`);
}

const mode = process.argv[2];
if (mode === "--all") {
  const tally = [runChecks(CHECKS), await runSolidityTests(), runVitest()].reduce(addTallies);
  report(tally, missingHere());
  process.exitCode = tally.failed > 0 ? 1 : 0;
} else if (mode === "--checks") {
  const { failed } = runChecks(CHECKS);
  const passed = String(CHECKS.length - failed);
  process.stdout.write(`\n${passed} checks passed, ${String(failed)} failed\n`);
  process.exitCode = failed > 0 ? 1 : 0;
} else {
  process.stdout.write(HELP);
}
