import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { addCommands, ALL_COMMANDS } from "../../../../../src/doors/cli/addCommands.ts";
import { completionScript } from "../../../../../src/doors/cli/completion/completionScript.ts";
import { createProgram } from "../../../../../src/doors/cli/program.ts";

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

it("bash completes values: what is known of them, files where nothing is", () => {
  expect(offers("microtonne", "retire", "--purpose", "corp")).toEqual(["corporate-neutrality"]);
  expect(offers("microtonne", "completion", "")).toEqual(["bash", "zsh", "fish"]);
  // Nothing is offered, so that bash completes files.
  expect(offers("microtonne", "prove", "--out", "")).toEqual([""]);
  expect(offers("microtonne", "ingest", "")).toEqual([""]);
  expect(offers("microtonne", "ingest", "--prof")).toEqual(["--profile"]);
  // A value that is named like a command is none.
  expect(offers("microtonne", "--data", "batch", "ret")).toEqual(["retire"]);
});

const has = (shell: string): boolean => spawnSync(shell, ["--version"]).status === 0;

it.skipIf(!has("fish"))("fish completes commands, options and values", () => {
  const fish = (line: string): string[] =>
    execFileSync(
      "fish",
      ["-c", `${completionScript(program, "fish")}\ncomplete -C ${JSON.stringify(line)}`],
      {
        encoding: "utf8",
      },
    )
      .trim()
      .split("\n")
      .map((offer) => offer.split("\t")[0] as string);
  expect(fish("microtonne re")).toEqual(["retire"]);
  expect(fish("microtonne retire --purpose corp")).toEqual(["corporate-neutrality"]);
  expect(fish("microtonne completion ")).toEqual(["bash", "fish", "zsh"]);
  expect(fish("microtonne --data batch ret")).toEqual(["retire"]);
  expect(fish("microtonne batch close --vin")).toEqual(["--vintage"]);
});

it.skipIf(!has("zsh"))("zsh completes at the first TAB, where its file is loaded by compinit", () => {
  const folder = mkdtempSync(join(tmpdir(), "microtonne-zsh-"));
  try {
    writeFileSync(join(folder, "_microtonne"), completionScript(program, "zsh"));
    // The first call of a function of $fpath loads its file, as the first TAB does.
    const zsh = (...words: string[]): string[] => {
      const typed = words.map((word) => `'${word}'`).join(" ");
      const run = `
        fpath=(${folder} $fpath); autoload -Uz _microtonne
        _describe() { print -l -- "\${(@)items}"; }
        _files() { print FILES; }
        compdef() { print NOT-COMPLETED; }
        words=(${typed}); CURRENT=${String(words.length)}
        _microtonne`;
      return execFileSync("zsh", ["-fc", run], { encoding: "utf8" }).trim().split("\n");
    };
    expect(zsh("microtonne", "")).toContain(
      "retire:Retire an amount for one of the five purposes; the certificate names its serial ranges.",
    );
    expect(zsh("microtonne", "retire", "--purpose", "")).toContain("corporate-neutrality");
    expect(zsh("microtonne", "completion", "")).toEqual(expect.arrayContaining(["bash", "zsh", "fish"]));
    expect(zsh("microtonne", "prove", "--out", "")).toEqual(["FILES"]);
    expect(zsh("microtonne", "ingest", "")).toEqual(["FILES"]);
    expect(zsh("microtonne", "--data", "batch", "")).toContainEqual(expect.stringMatching(/^retire:/));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("zsh and fish are told the same, with what each does", () => {
  const zsh = completionScript(program, "zsh");
  expect(zsh).toMatch(/^#compdef microtonne\n/);
  expect(zsh).toContain("'--vintage:calendar year of the acts");
  const fish = completionScript(program, "fish");
  expect(fish).toContain(`complete -c microtonne -n "__microtonne_at 'batch close'" -l vintage -r -d `);
  expect(fish).toContain(`complete -c microtonne -n "__microtonne_at ''" -f -a retire -d `);
});
