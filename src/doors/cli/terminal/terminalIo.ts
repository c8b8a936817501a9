import { styleText } from "node:util";
import { Presets, SingleBar } from "cli-progress";
import { MicrotonneError } from "../../../base/errors/errors.ts";
import { saidByCommands } from "../saidByCommands.ts";
import { visibleText } from "./visibleText.ts";

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
  const painted: string[] = [];
  // What is painted goes through `shown` as a number, so that colours of data are not taken for ours.
  const paint = (style: Style, text: string) =>
    `\0${String(painted.push(styleText(style, visibleText(text), { stream: process.stdout })) - 1)}\0`;
  const shown = (text: string): string =>
    text
      // oxlint-disable-next-line no-control-regex
      .split(/\0([0-9]+)\0/)
      .map((part, at) => (at % 2 === 0 ? visibleText(part) : (painted[Number(part)] ?? "")))
      .join("");
  return {
    json,
    paint,
    result(value, text) {
      process.stdout.write(`${json ? visibleText(JSON.stringify(value)) : shown(text)}\n`);
    },
    say(line) {
      if (!json) process.stderr.write(`${shown(line)}\n`);
    },
    fail(error) {
      const known = error instanceof MicrotonneError;
      const message = known ? saidByCommands(error) : error instanceof Error ? error.message : String(error);
      if (json) this.result({ error: { code: known ? error.code : "unexpected", message } }, "");
      else
        process.stderr.write(
          `${styleText("red", "error", { stream: process.stderr })} ${visibleText(message)}\n`,
        );
      if (!known && error instanceof Error && error.stack !== undefined)
        process.stderr.write(`${visibleText(error.stack)}\n`);
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
