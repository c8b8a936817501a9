import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Mutant, MutantList } from "./list.ts";

export type Fate = "killed" | "survived" | "does not compile";

const COPIED = ["contracts", "test/contracts", "hardhat.config.ts", "vitest.config.ts", "package.json", "tsconfig.json"];
const LINKED = ["node_modules", "src", "test/vectors"];

/** A copy of the project in a temporary folder, in which contracts may be broken. */
export class Workplace {
  readonly #folder = mkdtempSync(path.join(tmpdir(), "microtonne-mutants-"));

  constructor(root: string) {
    for (const name of COPIED) cpSync(path.join(root, name), path.join(this.#folder, name), { recursive: true });
    for (const name of LINKED) symlinkSync(path.join(root, name), path.join(this.#folder, name));
  }

  /** Compiles and runs the tests of the list; true where all pass. Throws an Error where the sources don't compile. */
  testsPass({ typescript, solidity }: MutantList): boolean {
    if (!this.#run("hardhat", ["build", "--no-tests"])) throw new Error("The contracts don't compile.");
    if (typescript.length > 0 && !this.#run("vitest", ["run", "--bail=1", ...typescript])) return false;
    return solidity.length === 0 || this.#run("hardhat", ["test", "solidity", ...solidity]);
  }

  /** Runs the tests on one mutant, and restores the file. Throws an Error where the text to replace is not there exactly once. */
  fateOf(mutant: Mutant, list: MutantList): Fate {
    const file = path.join(this.#folder, mutant.file);
    const source = readFileSync(file, "utf8");
    if (source.split(mutant.search).length !== 2) {
      throw new Error(`This text must stand exactly once in ${mutant.file}; bring the list up to date: ${mutant.search}`);
    }
    try {
      writeFileSync(file, source.replace(mutant.search, () => mutant.replacement));
      return this.testsPass(list) ? "survived" : "killed";
    } catch {
      return "does not compile";
    } finally {
      writeFileSync(file, source);
    }
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(command: string, args: readonly string[]): boolean {
    const { status, error } = spawnSync(command, args, { cwd: this.#folder, stdio: "ignore" });
    if (error !== undefined) throw error;
    return status === 0;
  }
}
