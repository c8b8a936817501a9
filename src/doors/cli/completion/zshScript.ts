import { knownValues, quoted, walk, type Offer, type Place } from "./places.ts";

/** What zsh reads: from a file of its own that is loaded at the first TAB, or at once by `source`. */
export function zshScript(places: readonly Place[]): string {
  const item = ({ word, says }: Offer): string => quoted(`${word.replaceAll(":", String.raw`\:`)}:${says}`);
  const values = knownValues(places).map(
    ({ pattern, choices }) => `      ${pattern}) items=(${choices.map(quoted).join(" ")}) ;;`,
  );
  const cases = places.map(({ path, commands, options, choices, takesFiles }) => {
    const all = [...commands.map(item), ...choices.map(quoted), ...options.map(item)].join(" ");
    return `      ${quoted(path)}) items=(${all})${takesFiles ? " files=yes" : ""} ;;`;
  });
  return `#compdef microtonne
# microtonne completion zsh > a folder of $fpath, as _microtonne
_microtonne() {
${walk(places, '"${(@)words[2,CURRENT-1]}"')}
  local -a items
  local files=''
  if [ -n "$option" ]; then
    case "\${place:+$place }$option" in
${values.join("\n")}
      *) files=yes ;;
    esac
  else
    case "$place" in
${cases.join("\n")}
    esac
  fi
  if [ -n "$files" ] && [ "\${words[CURRENT][1]}" != - ]; then _files; else _describe 'microtonne' items; fi
}
if [ "$funcstack[1]" = "_microtonne" ]; then _microtonne "$@"; else compdef _microtonne microtonne; fi
`;
}
