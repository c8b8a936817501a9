import { parseArgs, type ParseArgsConfig } from "node:util";

type WithHelp<T extends ParseArgsConfig> = T & { options: { help: { type: "boolean" } } };

/**
 * A script's options, as `parseArgs` gives them. `--help` prints `help` and ends the process with exit code
 * 0; an option that there is not, or that lacks its value, is named on standard error, with exit code 2.
 */
export function readOptions<T extends ParseArgsConfig>(
  help: string,
  config: T,
): ReturnType<typeof parseArgs<WithHelp<T>>> {
  const withHelp = { ...config, options: { ...config.options, help: { type: "boolean" } } } as WithHelp<T>;
  try {
    const parsed = parseArgs(withHelp);
    if ((parsed.values as { help?: boolean }).help !== true) return parsed;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    process.stderr.write(`${error.message}\nRun it with --help to see what there is.\n`);
    process.exit(2);
  }
  process.stdout.write(help);
  process.exit(0);
}
