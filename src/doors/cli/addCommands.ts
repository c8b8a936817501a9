import type { Command } from "commander";
import { COMMANDS } from "./commandTable.ts";

/** For `wanted`: all commands with all that they need. */
export const ALL_COMMANDS = "all";

/**
 * Adds the commands. What `wanted` names is loaded with its options; the others are there by name only, so
 * that a command starts without what another one needs.
 */
export async function addCommands(program: Command, wanted: string | null): Promise<void> {
  for (const { name, description, load } of COMMANDS) {
    if (wanted === ALL_COMMANDS || wanted === name) (await load())(program);
    else program.command(name);
    program.commands.at(-1)?.description(description);
  }
}
