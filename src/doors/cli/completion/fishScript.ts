import { knownPaths, quoted, valuePatterns, type Place } from "./places.ts";

/** What fish reads. It knows by itself which option a value is for. */
export function fishScript(places: readonly Place[]): string {
  const lines = places.flatMap(({ path, commands, options, valueOptions, choices, takesFiles }) => {
    const start = `complete -c microtonne -n "__microtonne_at ${quoted(path)}"`;
    const choicesOf = (word: string): string => {
      const found = valueOptions.find((option) => option.word === word);
      if (found === undefined) return "";
      return found.choices.length === 0 ? " -r" : ` -x -a ${quoted(found.choices.join(" "))}`;
    };
    return [
      ...(takesFiles ? [] : [`${start} -f`]),
      ...commands.map(({ word, says }) => `${start} -f -a ${word} -d ${quoted(says)}`),
      ...choices.map((word) => `${start} -f -a ${quoted(word)}`),
      ...options.map(({ word, says }) => `${start} -l ${word.slice(2)}${choicesOf(word)} -d ${quoted(says)}`),
    ];
  });
  return `# microtonne completion fish > ~/.config/fish/completions/microtonne.fish
function __microtonne_at
  set -l place ''
  set -l value no
  set -l words (commandline -opc)
  set -e words[1]
  for word in $words
    if test $value = yes
      set value no
      continue
    end
    set -l next (string trim -- "$place $word")
    if contains -- $next ${knownPaths(places).join(" ")}
      set place $next
    else if contains -- $next ${valuePatterns(places).join(" ")}
      set value yes
    end
  end
  test "$place" = "$argv[1]"
end
${lines.join("\n")}
`;
}
