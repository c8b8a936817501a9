import { InvalidArgumentError, type Command } from "commander";
import type { Config, processConfig } from "../../app/process/config.ts";
import { MicrotonneError } from "../../base/errors/errors.ts";
import { shellWord } from "../../base/lib/shellWord.ts";
import type { Context } from "../../app/context.ts";
import { EXIT, exitCodeOf } from "./exitCode.ts";
import { saidByCommands } from "./saidByCommands.ts";
import { terminalIo, type Io } from "./terminal/terminalIo.ts";

/** What every command is given: its settings and its way out. */
export interface Run {
  readonly config: Config;
  readonly io: Io;
  /** The data folder as it was named by --data; null where it was not. */
  readonly data: string | null;
  /**
   * Says which command comes next, as it can be pasted: words are quoted where a shell would read more into
   * them, and the data folder is named where it was.
   */
  next(...words: string[]): void;
  /** A command as `next` says it. */
  commandText(words: readonly string[]): string;
  /** Opens the data folder (and on first use the chain) for the length of `work`; always closes it again. */
  withContext<T>(work: (context: Context) => Promise<T>, needs?: Needs): Promise<T>;
}

/** What a command can do without. */
export interface Needs {
  /** It looks at nothing of people, so a network's key service may be missing. */
  readonly keyless?: boolean;
  /** It is about what is stored already: no folder is made for it. */
  readonly filled?: boolean;
  /** Settings in place of the process's own: of a network that is only being made. */
  readonly config?: Config;
}

/** Of commands that look at what is stored, or act on it, and at nothing of people. */
export const STORED: Needs = { keyless: true, filled: true };

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
      const config = processConfig(await folderOf(options.data));
      const run: Run = {
        config,
        io,
        data: options.data ?? null,
        next: (...words) => io.say(`Next: ${commandText(words, options.data)}`),
        commandText: (words) => commandText(words, options.data),
        withContext: async (work, { filled = false, ...needs } = {}) => {
          if (filled) (await import("../../app/process/requireFolder.ts")).requireFolder(config);
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

/** A command as it can be pasted: quoted where a shell would read more into it. */
function commandText(words: readonly string[], data: string | undefined): string {
  const folder = data === undefined ? [] : ["--data", data];
  return ["npx", "microtonne", ...words, ...folder].map((word) => shellWord(word)).join(" ");
}

/** The data folder that was named: of a folder that a demo made, the demo's data and tenant. */
async function folderOf(named: string | undefined): Promise<Parameters<typeof processConfig>[0]> {
  if (named === undefined) return {};
  const { findDemo } = await import("../../demo/findDemo.ts");
  return findDemo(named) ?? { folder: named };
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
      if (error instanceof MicrotonneError) throw new InvalidArgumentError(saidByCommands(error));
      throw new InvalidArgumentError(error instanceof Error ? error.message : String(error));
    }
  };
}
