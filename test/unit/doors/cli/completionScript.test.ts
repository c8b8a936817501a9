import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { addCommands, ALL_COMMANDS } from "../../../../src/doors/cli/addCommands.ts";
import { completionScript } from "../../../../src/doors/cli/completionScript.ts";
import { createProgram } from "../../../../src/doors/cli/program.ts";

const program = createProgram("");
await addCommands(program, ALL_COMMANDS);
const script = completionScript(program, "bash");

/** What bash offers for the last of these words. */
function offers(...words: string[]): string[] {
  const typed = words.map((word) => `'${word}'`).join(" ");
  const given = `COMP_WORDS=(${typed}); COMP_CWORD=${String(words.length - 1)}`;
  const call = `${given}; _microtonne; echo "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", `${script}\n${call}`], { encoding: "utf8" })
    .trim()
    .split(" ");
}

it("bash completes commands, sub-commands and options, whatever stands before them", () => {
  expect(offers("microtonne", "re")).toEqual(["retire"]);
  expect(offers("microtonne", "batch", "")).toEqual(
    expect.arrayContaining(["close", "list", "show", "package", "archive"]),
  );
  expect(offers("microtonne", "--data", "x", "batch", "close", "--vin")).toEqual(["--vintage"]);
  expect(offers("microtonne", "batch", "archive", "clean", "--dry")).toEqual(["--dry-run"]);
});

it("zsh and fish are told the same, with what each does", () => {
  const zsh = completionScript(program, "zsh");
  expect(zsh).toMatch(/^#compdef microtonne\n/);
  expect(zsh).toContain("'--vintage:calendar year of the acts");
  const fish = completionScript(program, "fish");
  expect(fish).toContain(`complete -c microtonne -n "__microtonne_at 'batch close'" -l vintage -d `);
  expect(fish).toContain(`complete -c microtonne -n "__microtonne_at ''" -f -a retire -d `);
});
