import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { MIB } from "../../../src/base/lib/sizes.ts";
import type { Mutant, MutantList } from "./list.ts";

export type Fate = "killed" | "survived" | "does not compile";

const COPIED = [
  "contracts",
  "test/contracts",
  "hardhat.config.ts",
  "vitest.config.ts",
  "package.json",
  "tsconfig.json",
];
const LINKED = ["node_modules", "src", "test/vectors"];

/** Hardhat's name of a failed compilation. */
const NOT_COMPILED = "HHE910";
const MAX_OUTPUT_BYTES = 256 * MIB;

class CompilationError extends Error {}

/** A copy of the project in a temporary folder, in which contracts may be broken. */
export class Workplace {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "microtonne-mutants-"));

  constructor(root: string) {
    for (const name of COPIED)
      cpSync(path.join(root, name), path.join(this.#folder, name), { recursive: true });
    for (const name of LINKED) symlinkSync(path.join(root, name), path.join(this.#folder, name));
  }

  /**
   * Compiles, and runs the tests of the list; true where all pass. Throws an Error where the sources don't
   * compile.
   */
  testsPass({ typescript, solidity }: MutantList): boolean {
    if (typescript.length > 0) {
      this.#run("hardhat", ["build", "--no-tests", "--no-typechain"]);
      if (!this.#run("vitest", ["run", "--bail=1", ...typescript])) return false;
    }
    return solidity.length === 0 || this.#run("hardhat", ["test", "solidity", ...solidity]);
  }

  /**
   * Runs the tests on one mutant, and restores the file. Throws an Error where the text to replace is not
   * there exactly once.
   */
  fateOf(mutant: Mutant, list: MutantList): Fate {
    const file = path.join(this.#folder, mutant.file);
    const source = readFileSync(file, "utf8");
    if (source.split(mutant.search).length !== 2) {
      throw new Error(
        `This text must stand exactly once in ${mutant.file}; bring the list up to date: ${mutant.search}`,
      );
    }
    try {
      writeFileSync(
        file,
        source.replace(mutant.search, () => mutant.replacement),
      );
      return this.testsPass(list) ? "survived" : "killed";
    } catch (error) {
      if (error instanceof CompilationError) return "does not compile";
      throw error;
    } finally {
      writeFileSync(file, source);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(command: string, args: readonly string[]): boolean {
    const { status, error, stdout, stderr } = spawnSync(command, args, {
      cwd: this.#folder,
      encoding: "utf8",
      maxBuffer: MAX_OUTPUT_BYTES,
    });
    if (error !== undefined) throw error;
    if (`${stdout}${stderr}`.includes(NOT_COMPILED))
      throw new CompilationError("The contracts don't compile.");
    return status === 0;
  }
}
