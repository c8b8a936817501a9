import { knownValues, quoted, walk, type Place } from "./places.ts";

/** What bash reads. Where it offers nothing, bash completes files. */
export function bashScript(places: readonly Place[]): string {
  const list = (words: readonly string[]): string => `words=${quoted(words.join(" "))}`;
  const values = knownValues(places).map(({ pattern, choices }) => `      ${pattern}) ${list(choices)} ;;`);
  const options = places.map(
    (place) => `      ${quoted(place.path)}) ${list(place.options.map(({ word }) => word))} ;;`,
  );
  const others = places.map((place) => {
    const words = [...place.commands.map(({ word }) => word), ...place.choices];
    // Of a command that takes files, its options are offered once a dash is typed.
    const all = place.takesFiles || words.length > 0 ? words : place.options.map(({ word }) => word);
    return `      ${quoted(place.path)}) ${list(all)} ;;`;
  });
  return `# microtonne completion bash > ~/.local/share/bash-completion/completions/microtonne
_microtonne() {
${walk(places, '"${COMP_WORDS[@]:1:COMP_CWORD-1}"')}
  local words='' typed="\${COMP_WORDS[COMP_CWORD]}"
  if [ -n "$option" ]; then
    case "\${place:+$place }$option" in
${values.join("\n")}
    esac
  elif [ "\${typed:0:1}" = - ]; then
    case "$place" in
${options.join("\n")}
    esac
  else
    case "$place" in
${others.join("\n")}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$typed"))
}
complete -o default -F _microtonne microtonne
`;
}
