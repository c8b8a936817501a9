import { InvalidArgumentError, type Command } from "commander";
import type { Config } from "../../app/process/config.ts";
import type { Context } from "../../app/context.ts";
import { EXIT, exitCodeOf } from "./exitCode.ts";
import { terminalIo, type Io } from "./terminalIo.ts";

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
      // Behind the check of the arguments: help and wrong usage wait for none of it.
      const { processConfig } = await import("../../app/process/config.ts");
      const config = processConfig({ folder: options.data });
      const run: Run = {
        config,
        io,
        withContext: async (work, needs = {}) => {
          const [{ openContext }, { createLog }, { systemClock, systemRandomness }] = await Promise.all([
            import("../../app/openContext.ts"),
            import("../../app/process/createLog.ts"),
            import("../../app/process/system.ts"),
          ]);
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
