import type { Command } from "commander";

/** A word that may come next, and what it does. */
export interface Offer {
  readonly word: string;
  readonly says: string;
}

/** An option that takes a value. */
export interface ValueOption {
  /** As it is typed: `--purpose`. */
  readonly word: string;
  /** What the value may be; empty where it may be anything, such as a file. */
  readonly choices: readonly string[];
}

/** A command as a shell meets it: what may come after its name. */
export interface Place {
  /** Names of the command and those above it, without the program's. */
  readonly path: string;
  readonly commands: readonly Offer[];
  readonly options: readonly Offer[];
  readonly valueOptions: readonly ValueOption[];
  /** What its first argument may be. */
  readonly choices: readonly string[];
  /** Whether it takes arguments that may be anything, such as files. */
  readonly takesFiles: boolean;
}

/** The program's own place first, then those of its commands. */
export function placesOf(command: Command, above: readonly string[] = []): Place[] {
  const help = command.createHelp();
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(
    (option) => {
      const { long, description, required, optional, argChoices } = option;
      return long === undefined || long === null
        ? []
        : [
            {
              word: long,
              says: oneLine(description),
              takesValue: required || optional,
              choices: argChoices ?? [],
            },
          ];
    },
  );
  const [argument] = command.registeredArguments;
  return [
    {
      path: above.join(" "),
      commands: command.commands.map((sub) => ({ word: sub.name(), says: oneLine(sub.description()) })),
      options: options.map(({ word, says }) => ({ word, says })),
      valueOptions: options
        .filter(({ takesValue }) => takesValue)
        .map(({ word, choices }) => ({ word, choices })),
      choices: argument?.argChoices ?? [],
      takesFiles: argument !== undefined && argument.argChoices === undefined,
    },
    ...command.commands.flatMap((sub) => placesOf(sub, [...above, sub.name()])),
  ];
}

function oneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

/** A word for bash, zsh and fish. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** Paths of all commands, each quoted. */
export function knownPaths(places: readonly Place[]): string[] {
  return places.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
}

/** `<path> <option>` of all options that take a value, each quoted. */
export function valuePatterns(places: readonly Place[]): string[] {
  return places.flatMap(({ path, valueOptions }) =>
    valueOptions.map(({ word }) => quoted(`${path} ${word}`.trim())),
  );
}

/** `<path> <option>` of those whose values are few and known, with the values. */
export function knownValues(
  places: readonly Place[],
): { readonly pattern: string; readonly choices: readonly string[] }[] {
  return places.flatMap(({ path, valueOptions }) =>
    valueOptions
      .filter(({ choices }) => choices.length > 0)
      .map(({ word, choices }) => ({ pattern: quoted(`${path} ${word}`.trim()), choices })),
  );
}

/**
 * For bash and zsh: follows the words typed so far down to the command that they name, `place`; `option` is
 * the one whose value comes next, or empty.
 */
export function walk(places: readonly Place[], words: string): string {
  return `  local place='' option='' word
  for word in ${words}; do
    if [ -n "$option" ]; then option=''; continue; fi
    case "\${place:+$place }$word" in
      ${knownPaths(places).join("|")}) place="\${place:+$place }$word" ;;
      ${valuePatterns(places).join("|")}) option="$word" ;;
    esac
  done`;
}
