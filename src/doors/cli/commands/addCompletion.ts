import { Argument, type Command } from "commander";
import { addCommands, ALL_COMMANDS } from "../addCommands.ts";
import { act } from "../command.ts";
import { completionScript, SHELLS, type Shell } from "../completion/completionScript.ts";
import { createProgram } from "../program.ts";

/** `microtonne completion`: what a shell needs to complete the rest. */
export function addCompletion(program: Command): void {
  const command = program
    .command("completion")
    .addArgument(new Argument("<shell>", "the shell that you use").choices(SHELLS))
    .addHelpText(
      "after",
      `
Prints a script; where each shell looks for it stands in its first lines.

Example:
  source <(microtonne completion bash)`,
    );
  act(command, async ({ io }, _options, shell) => {
    const whole = createProgram("");
    await addCommands(whole, ALL_COMMANDS);
    const script = completionScript(whole, shell as Shell);
    io.result({ shell, script }, script.trimEnd());
    return undefined;
  });
}
