import type { Command } from "commander";

export const SHELLS = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof SHELLS)[number];

/** What may follow a command: its sub-commands and options, with what they do. */
interface Place {
  /** Names of the command and those above it, without the program's. */
  readonly path: string;
  readonly words: readonly { readonly word: string; readonly says: string }[];
}

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish };

/** A shell's script that completes the program's commands and options, and files everywhere else. */
export function completionScript(program: Command, shell: Shell): string {
  return SCRIPTS[shell](placesOf(program, []));
}

function placesOf(command: Command, above: readonly string[]): Place[] {
  const help = command.createHelp();
  const subcommands = command.commands.map((sub) => ({ word: sub.name(), says: sub.description() }));
  const options = [...help.visibleOptions(command), ...help.visibleGlobalOptions(command)].flatMap(
    (option) => (option.long === undefined ? [] : [{ word: option.long ?? "", says: option.description }]),
  );
  return [
    { path: above.join(" "), words: [...subcommands, ...options] },
    ...command.commands.flatMap((sub) => placesOf(sub, [...above, sub.name()])),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function names({ words }: Place): string {
  return words.map(({ word }) => word).join(" ");
}

/** Follows the words typed so far down to the command that they name. */
function walk(places: readonly Place[], words: string): string {
  const known = places.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  return `  local place='' word
  for word in ${words}; do
    case "\${place:+$place }$word" in
      ${known.join("|")}) place="\${place:+$place }$word" ;;
    esac
  done`;
}

function bash(places: readonly Place[]): string {
  const cases = places.map((place) => `    ${quoted(place.path)}) words=${quoted(names(place))} ;;`);
  return `# microtonne completion bash > ~/.local/share/bash-completion/completions/microtonne
_microtonne() {
${walk(places, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  local words=''
  case "$place" in
${cases.join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _microtonne microtonne
`;
}

function zsh(places: readonly Place[]): string {
  const item = ({ word, says }: Place["words"][number]): string =>
    quoted(`${word}:${says.replaceAll("\n", " ")}`);
  const cases = places.map(
    (place) => `    ${quoted(place.path)}) items=(${place.words.map(item).join(" ")}) ;;`,
  );
  return `#compdef microtonne
# microtonne completion zsh > a folder of $fpath, as _microtonne
_microtonne() {
${walk(places, "${words[2,CURRENT-1]}")}
  local -a items
  case "$place" in
${cases.join("\n")}
  esac
  _describe 'microtonne' items || _files
}
compdef _microtonne microtonne
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, words }) =>
    words.map(({ word, says }) => {
      const what = word.startsWith("--") ? `-l ${word.slice(2)}` : `-f -a ${word}`;
      return `complete -c microtonne -n "__microtonne_at ${quoted(path)}" ${what} -d ${quoted(says)}`;
    }),
  );
  const known = places.filter(({ path }) => path !== "").map(({ path }) => quoted(path));
  return `# microtonne completion fish > ~/.config/fish/completions/microtonne.fish
function __microtonne_at
  set -l place ''
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    set -l next (string trim -- "$place $word")
    contains -- $next ${known.join(" ")}; and set place $next
  end
  test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
