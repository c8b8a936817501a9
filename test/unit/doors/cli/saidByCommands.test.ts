import type { Command } from "commander";
import { describe, expect, it } from "vitest";
import { addCommands, ALL_COMMANDS } from "../../../../src/doors/cli/addCommands.ts";
import { createProgram } from "../../../../src/doors/cli/program.ts";
import { saidByCommands } from "../../../../src/doors/cli/saidByCommands.ts";
import { EVERY_REMEDY } from "../support/everyRemedy.ts";

const program = createProgram("");
await addCommands(program, ALL_COMMANDS);

/** The command that words begin with, and how many of them name it. */
function commandOf(words: readonly string[]): { command: Command; depth: number } {
  let [command, depth] = [program, 0];
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word);
    if (!next) break;
    [command, depth] = [next, depth + 1];
  }
  return { command, depth };
}

const said = (remedy: (typeof EVERY_REMEDY)[number]): string => saidByCommands({ message: "No.", remedy });

describe("what to do, as the command line says it", () => {
  it("stands behind what was wrong, as a whole sentence", () => {
    expect(saidByCommands({ message: "No.", remedy: null })).toBe("No.");
    for (const remedy of EVERY_REMEDY) expect(said(remedy)).toMatch(/^No\. [A-Z`].*\.$/);
  });

  it("names commands that there are, with options that they have", () => {
    const named = EVERY_REMEDY.flatMap((remedy) =>
      [...said(remedy).matchAll(/`microtonne ([^`]+)`/g)].map(([, words = ""]) => words.split(" ")),
    );
    expect(named.length).toBeGreaterThan(25);
    for (const words of named) {
      const { command, depth } = commandOf(words);
      expect(depth, words.join(" ")).toBeGreaterThan(0);
      expect(command.commands, words.join(" ")).toEqual([]);
      const options = command.options.map(({ long }) => long);
      for (const word of words.filter((one) => one.startsWith("--"))) expect(options).toContain(word);
    }
  });

  it("names only options that some command has", () => {
    const everyOption = (command: Command): (string | null | undefined)[] => [
      ...command.options.map(({ long }) => long),
      ...command.commands.flatMap((sub) => everyOption(sub)),
    ];
    const options = new Set(everyOption(program));
    for (const remedy of EVERY_REMEDY)
      for (const [option] of said(remedy).matchAll(/--[a-z-]+/g)) expect(options).toContain(option);
  });
});
