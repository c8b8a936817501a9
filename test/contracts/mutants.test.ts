import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { MutantList } from "../../scripts/contracts/mutants/list.ts";

const FOLDER = new URL("mutants/", import.meta.url);
const ROOT = new URL("../../", import.meta.url);
const lists = await Promise.all(
  readdirSync(FOLDER).map(async (file) => {
    const { mutants } = (await import(new URL(file, FOLDER).href)) as { mutants: MutantList };
    return { file, ...mutants };
  }),
);

/** How often the text that a mutant replaces stands in its contract. */
function occurrences(file: string, search: string): number {
  return readFileSync(new URL(file, ROOT), "utf8").split(search).length - 1;
}

describe.each(lists)("the mutants of $file", ({ mutants, typescript, solidity }) => {
  it("replace texts that stand in the contracts exactly once", () => {
    const stale = mutants.filter(({ file, search }) => occurrences(file, search) !== 1);
    expect(stale).toEqual([]);
  });

  it("are judged by tests that exist", () => {
    const missing = [...typescript, ...solidity].filter((file) => !existsSync(new URL(file, ROOT)));
    expect(missing).toEqual([]);
  });
});
