import type { Command } from "commander";
import { afterEach, expect, it, vi } from "vitest";
import { addCommands, ALL_COMMANDS } from "../../../../src/doors/cli/addCommands.ts";
import { createProgram } from "../../../../src/doors/cli/program.ts";

afterEach(() => vi.unstubAllGlobals());

/** What `--help` prints, by command. */
async function helpTexts(): Promise<Map<string, string>> {
  const program = createProgram("0.0.0");
  await addCommands(program, ALL_COMMANDS);
  const texts = new Map<string, string>();
  const read = (command: Command, path: string): void => {
    let text = "";
    command.configureOutput({ writeOut: (part) => (text += part) });
    command.outputHelp();
    texts.set(path, text);
    for (const sub of command.commands) read(sub, `${path} ${sub.name()}`);
  };
  read(program, program.name());
  return texts;
}

it("is at most 80 columns wide for every command, however wide the terminal is", async () => {
  for (const columns of [undefined, 80, 300]) {
    vi.stubGlobal("process", { ...process, stdout: { columns } });
    const texts = await helpTexts();
    expect(texts.size).toBeGreaterThan(30);
    const wide = [...texts].flatMap(([command, text]) =>
      text.split("\n").flatMap((line) => (line.length > 80 ? [`${command}: ${line}`] : [])),
    );
    expect(wide).toEqual([]);
  }
});
