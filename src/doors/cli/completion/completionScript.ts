import type { Command } from "commander";
import { bashScript } from "./bashScript.ts";
import { fishScript } from "./fishScript.ts";
import { placesOf, type Place } from "./places.ts";
import { zshScript } from "./zshScript.ts";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

/**
 * A shell's script that completes the program's commands and options, the values of options and arguments
 * where they are few and known, and files everywhere else.
 */
export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](placesOf(program));
}
