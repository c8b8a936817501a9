import { Command, CommanderError } from "commander";
import { vi } from "vitest";

/** How a command ended that ran in this process. */
export interface Ending {
  readonly exitCode: typeof process.exitCode;
  /** The one JSON value on standard output. */
  readonly json: unknown;
}

/** Runs one command as the program does, with `--json`. What commander refuses is thrown. */
export async function runCommand(
  add: (program: Command) => void,
  data: string,
  words: readonly string[],
): Promise<Ending> {
  const program = new Command("microtonne").option("--data <dir>").option("--json");
  add(program);
  quiet(program);
  const before = process.exitCode;
  let out = "";
  const stdout = vi.spyOn(process.stdout, "write").mockImplementation((part) => {
    out += String(part);
    return true;
  });
  try {
    await program.parseAsync(["node", "microtonne", "--data", data, "--json", ...words]);
    return { exitCode: process.exitCode, json: JSON.parse(out) as unknown };
  } finally {
    stdout.mockRestore();
    process.exitCode = before;
  }
}

/** What commander says of wrong usage, or null where it has nothing to say. */
export async function wrongUsage(
  add: (program: Command) => void,
  words: readonly string[],
): Promise<string | null> {
  try {
    await runCommand(add, "none", words);
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

function quiet(command: Command): void {
  command.exitOverride().configureOutput({ writeErr: () => undefined });
  for (const sub of command.commands) quiet(sub);
}
