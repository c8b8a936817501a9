import { Command, type AddHelpTextContext, type AddHelpTextPosition } from "commander";

/** Columns that help takes at most, however wide the terminal is: longer lines are hard to read. */
export const MAX_COLUMNS = 80;

/** A command whose texts behind its help stay within `MAX_COLUMNS`, as commander keeps the rest of it. */
export class WrappedCommand extends Command {
  override createCommand(name?: string): WrappedCommand {
    return new WrappedCommand(name);
  }

  override addHelpText(
    position: AddHelpTextPosition,
    text: string | ((context: AddHelpTextContext) => string),
  ): this {
    return super.addHelpText(position, (context) =>
      joined((typeof text === "string" ? text : text(context)).split("\n"))
        .flatMap((line) => wrapped(line))
        .join("\n"),
    );
  }
}

/** Shorter lines than this end a paragraph; longer ones were broken in the source. */
const MIN_BROKEN = 60;

/** Paragraphs as one line each; what is indented (examples, files) stays as it is. */
function joined(lines: readonly string[]): string[] {
  const whole: string[] = [];
  for (const [at, line] of lines.entries()) {
    const before = lines[at - 1] ?? "";
    if (before.length >= MIN_BROKEN && !/^(?:\s|$)/.test(line) && !before.startsWith(" "))
      whole.push(`${whole.pop() ?? ""} ${line}`);
    else whole.push(line);
  }
  return whole;
}

/** A line in as many as it takes: a command goes on behind a backslash, so that it can be copied. */
function wrapped(line: string): string[] {
  if (line.length <= MAX_COLUMNS) return [line];
  const indent = /^ */.exec(line)?.[0] ?? "";
  const isCommand = line.startsWith(`${indent}microtonne `) && indent !== "";
  const end = isCommand ? " \\" : "";
  const blank = line.lastIndexOf(" ", MAX_COLUMNS - end.length);
  // An option and its value stay together.
  const option = line.lastIndexOf(" --", MAX_COLUMNS - end.length);
  const at = isCommand && option > MAX_COLUMNS / 2 ? option : blank;
  // A word that is longer stays whole.
  if (at <= indent.length) return [line];
  const rest = line.slice(at + 1);
  return [`${line.slice(0, at)}${end}`, ...wrapped(`${isCommand ? `${indent}  ` : indent}${rest}`)];
}
