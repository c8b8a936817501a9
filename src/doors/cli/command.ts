import { CommanderError, InvalidArgumentError, type Command } from "commander";
import { processConfig, type Config } from "../../app/process/config.ts";
import type { Context } from "../../app/context.ts";
import { openContext } from "../../app/openContext.ts";
import { createLog } from "../../app/process/createLog.ts";
import { systemClock, systemRandomness } from "../../app/process/system.ts";
import { MicrotonneError } from "../../base/errors/errors.ts";
import { EXIT, exitCodeOf } from "./exitCode.ts";
import { terminalIo, type Io } from "./terminalIo.ts";
import { MAX_COLUMNS, WrappedCommand } from "./wrappedCommand.ts";

/** Of what is no terminal. */
const USUAL_COLUMNS = 80;

/** What every command is given: its settings and its way out. */
export interface Run {
  readonly config: Config;
  readonly io: Io;
  /** Opens the data folder (and on first use the chain) for the length of `work`; always closes it again. */
  withContext<T>(work: (context: Context) => Promise<T>, needs?: Needs): Promise<T>;
}

/** What a command can do without. */
export interface Needs {
  /** It looks at nothing of people, so a network's key service may be missing. */
  readonly keyless?: boolean;
  /** Settings in place of the process's own: of a network that is only being made. */
  readonly config?: Config;
}

/** A command's body: answers the exit code, or nothing for "fine". */
export type Body<Options> = (run: Run, options: Options, ...args: string[]) => Promise<number | undefined>;

/**
 * Ties a command to its body: settings are parsed once, the result goes to standard output, an error becomes
 * one sentence (or one JSON value) and an exit code.
 */
export function act<Options>(command: Command, body: Body<Options>): Command {
  return command.action(async (...parts: unknown[]) => {
    const args = parts
      .slice(0, -2)
      .flat()
      .filter((part) => part !== undefined) as string[];
    const options = command.optsWithGlobals<Options & { data?: string; json?: boolean }>();
    const io = terminalIo(options.json ?? false);
    try {
      const config = processConfig({ folder: options.data });
      const run: Run = {
        config,
        io,
        withContext: async (work, needs = {}) => {
          const context = await openContext({
            config,
            ...needs,
            log: createLog(config.logLevel),
            clock: systemClock,
            randomness: systemRandomness,
          });
          try {
            return await work(context);
          } finally {
            await context.close();
          }
        },
      };
      process.exitCode = (await body(run, options, ...args)) ?? EXIT.fine;
    } catch (error) {
      io.fail(error);
      process.exitCode = exitCodeOf(error);
    }
  });
}

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
    })
    .showHelpAfterError("Add --help to see what it takes, with an example.")
    .addHelpText(
      "after",
      "\nExit codes: 0 fine, 1 a check failed or nothing was accepted, 2 wrong usage, 3 something " +
        "broke, 4 a registrar must act first.\nTry: microtonne demo",
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

/**
 * Parser of an option's value that throws our InputErrors: commander shows their sentence with the option's
 * name.
 */
export function optionOf<T>(parse: (text: string) => T): (text: string) => T {
  return (text) => {
    try {
      return parse(text);
    } catch (error) {
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
