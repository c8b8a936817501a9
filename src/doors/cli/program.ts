import { CommanderError, type Command } from "commander";
import { MicrotonneError } from "../../base/errors/errors.ts";
import { EXIT } from "./exitCode.ts";
import { terminalIo } from "./terminal/terminalIo.ts";
import { visibleText } from "./terminal/visibleText.ts";
import { MAX_COLUMNS, WrappedCommand } from "./wrappedCommand.ts";

/** Of what is no terminal. */
const USUAL_COLUMNS = 80;

/** The program with the options that all commands share. Wrong usage ends with exit code 2. */
export function createProgram(version: string): Command {
  return new WrappedCommand("microtonne")
    .description(
      "Settlement layer for carbon inclusion: from a provider's file to a retirement that anyone can verify.",
    )
    .version(version)
    .option("--data <dir>", "data folder (default: MICROTONNE_FOLDER or .microtonne)")
    .option("--json", "write one JSON value to standard output and nothing else")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      getOutHelpWidth: () => helpWidth(process.stdout),
      getErrHelpWidth: () => helpWidth(process.stderr),
      writeErr: (text) => process.stderr.write(visibleText(text)),
    })
    .showHelpAfterError("Add --help to see what it takes, with an example.")
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 a check failed or every row was refused, 2 wrong usage, 3 something " +
        "broke, 4 a registrar must act first, " +
        "5 a file was held against nothing that you trust, 130 Ctrl-C, 143 SIGTERM.\nTry: microtonne demo",
    );
}

/** Columns of help: as many as the terminal has, but no more than read well. */
function helpWidth({ columns = USUAL_COLUMNS }: { readonly columns?: number }): number {
  return Math.min(columns, MAX_COLUMNS);
}

/** Runs the program; commander's own complaints become exit code 2 (help and version: 0). */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  const everyCommand = (command: Command): Command[] => [
    command,
    ...command.commands.flatMap((sub) => everyCommand(sub)),
  ];
  for (const command of everyCommand(program)) command.exitOverride();
  try {
    await program.parseAsync([...argv]);
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    process.exitCode = error.exitCode === 0 ? EXIT.fine : EXIT.wrongUsage;
    if (error.exitCode !== 0 && argv.includes("--json")) terminalIo(true).fail(new WrongUsage(error.message));
  }
}

class WrongUsage extends MicrotonneError {
  constructor(message: string) {
    super("usage", message.replace(/^error: /, ""));
  }
}
