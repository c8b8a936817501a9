import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { MIB } from "../../src/base/lib/sizes.ts";
import { percentOf, readLcov, type LineCoverage } from "./lines/readLcov.ts";

/** Percent of lines. */
const THRESHOLD = 95;
const HELP = `Counts the lines of contracts/ (mocks apart) that the Solidity tests and the TypeScript tests
of contracts run, together.

  node scripts/contracts/coverage-contracts.ts --run   fail below ${String(THRESHOLD)} % or on a failed test

Works on a copy, so that the built contracts stay as they are; takes some minutes.
The HTML report goes to coverage/contracts.
`;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COPIED = ["contracts", "test/contracts", "hardhat.config.ts", "package.json", "tsconfig.json"];
const LINKED = ["node_modules", "src", "scripts", "test/vectors"];
const SCRIPTS = path.join(ROOT, "scripts", "contracts", "lines");
/** Which lines run does not depend on many rounds. */
const FUZZ_RUNS = "16";

/** Runs one step in the copy; throws an Error with its output where it fails. */
function runStep(folder: string, what: string, command: string, args: readonly string[]): void {
  process.stderr.write(`${what}…\n`);
  const env = { ...process.env, HARDHAT_COVERAGE: "true", FUZZ_RUNS };
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    env,
    encoding: "utf8",
    maxBuffer: 256 * MIB,
  });
  if (status !== 0) throw new Error(`${what} failed.\n${stdout}${stderr}${error?.message ?? ""}`);
}

function measure(folder: string): LineCoverage[] {
  for (const name of COPIED) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
  for (const name of LINKED) symlinkSync(path.join(ROOT, name), path.join(folder, name));
  runStep(folder, "Solidity tests of instrumented contracts", "hardhat", ["test", "solidity"]);
  const config = path.join(SCRIPTS, "vitest.config.ts");
  runStep(folder, "TypeScript tests of instrumented contracts", "vitest", [
    "run",
    "--root",
    folder,
    "--config",
    config,
  ]);
  runStep(folder, "Report", "node", [path.join(SCRIPTS, "writeReport.ts")]);
  cpSync(path.join(folder, "coverage", "html"), path.join(ROOT, "coverage", "contracts"), {
    recursive: true,
  });
  return readLcov(readFileSync(path.join(folder, "coverage", "lcov.info"), "utf8"));
}

function report(files: readonly LineCoverage[]): void {
  for (const { file, missed } of files)
    if (missed.length > 0) process.stdout.write(`${file}: not run ${missed.join(", ")}\n`);
  const percent = percentOf(files);
  process.stdout.write(
    `${percent.toFixed(2)} % of the lines of contracts/ run in tests; ${String(THRESHOLD)} % are wanted.\n`,
  );
  if (percent < THRESHOLD) process.exitCode = 1;
}

if (process.argv[2] === "--run") {
  const folder = mkdtempSync(path.join(tmpdir(), "microtonne-coverage-"));
  try {
    report(measure(folder));
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
} else {
  process.stdout.write(HELP);
}
