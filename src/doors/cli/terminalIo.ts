import { styleText } from "node:util";
import { Presets, SingleBar } from "cli-progress";
import { MicrotonneError } from "../../base/errors/errors.ts";

type Style = Parameters<typeof styleText>[0];

/** Where a command reads and writes. Results go to standard output, everything else to standard error. */
export interface Io {
  readonly json: boolean;
  /** The command's one result: `json` as one JSON value where --json is given, else `text`. */
  result(json: unknown, text: string): void;
  /** A line about what is going on; silent with --json. */
  say(line: string): void;
  fail(error: unknown): void;
  /** Colours a text where standard output is a terminal that wants colour. */
  paint(style: Style, text: string): string;
  /** A progress bar; draws only on a terminal and without --json. */
  progress(label: string): Progress;
}

export interface Progress {
  /** `total` in the same unit as `done`, or null where it is not known. */
  update(done: number, total: number | null): void;
  stop(): void;
}

const SILENT: Progress = { update: () => undefined, stop: () => undefined };

export function terminalIo(json: boolean): Io {
  const paint = (style: Style, text: string) => styleText(style, text, { stream: process.stdout });
  return {
    json,
    paint,
    result(value, text) {
      process.stdout.write(json ? `${JSON.stringify(value)}\n` : `${text}\n`);
    },
    say(line) {
      if (!json) process.stderr.write(`${line}\n`);
    },
    fail(error) {
      const known = error instanceof MicrotonneError;
      const message = error instanceof Error ? error.message : String(error);
      if (json)
        process.stdout.write(
          `${JSON.stringify({ error: { code: known ? error.code : "unexpected", message } })}\n`,
        );
      else process.stderr.write(`${styleText("red", "error", { stream: process.stderr })} ${message}\n`);
      if (!known && error instanceof Error && error.stack !== undefined)
        process.stderr.write(`${error.stack}\n`);
    },
    progress(label) {
      if (json || !process.stderr.isTTY) return SILENT;
      const bar = new SingleBar(
        {
          format: `${label} {bar} {percentage}% {value}`,
          hideCursor: true,
          clearOnComplete: true,
          stream: process.stderr,
        },
        Presets.shades_classic,
      );
      let started = false;
      return {
        update(done, total) {
          if (!started) {
            bar.start(total ?? done, done);
            started = true;
          }
          bar.setTotal(Math.max(total ?? done, 1));
          bar.update(done);
        },
        stop() {
          if (started) bar.stop();
        },
      };
    },
  };
}
