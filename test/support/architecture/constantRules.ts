import type { Source } from "./importRules.ts";

/** The one home of hours and days. */
const HOME = "src/base/lib/time/units.ts";
/** An hour, a day or a week, in seconds or milliseconds. */
const SPAN = /(?<![\w.])(?:3600|86400|604800)(?:000)?n?(?![\w.])/;

/** Lengths of time that are written out where their names should stand; words and comments may have them. */
export function writtenSpans(files: readonly Source[]): string[] {
  return files
    .filter(({ path }) => path !== HOME)
    .flatMap(({ path, text }) =>
      bare(text)
        .split("\n")
        .flatMap((line, i) => {
          const span = SPAN.exec(line.replace(/(?<=\d)_(?=\d)/g, ""));
          return span ? [`${path}:${String(i + 1)} writes ${span[0]} out: see ${HOME}.`] : [];
        }),
    );
}

/** Without comments and strings, line by line; templates stay, since SQL stands in them. */
function bare(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ""))
    .replace(/"(?:[^"\\\n]|\\.)*"/g, '""')
    .replace(/(^|\s)\/\/.*$/gm, "$1");
}

/** Constants of one name and one value in more than one file. */
export function twiceDefined(files: readonly Source[]): string[] {
  const homes = new Map<string, string[]>();
  for (const { path, text } of files)
    for (const [, name = "", value = ""] of text.matchAll(CONSTANT)) {
      const key = `${name} = ${value.replace(/(?<=\d)_(?=\d)/g, "")}`;
      homes.set(key, [...(homes.get(key) ?? []), path]);
    }
  return [...homes]
    .filter(([, paths]) => new Set(paths).size > 1)
    .map(([constant, paths]) => `${constant} is defined in ${paths.join(" and ")}.`);
}

const CONSTANT = /^(?:export )?const ([A-Z][A-Z0-9_]*)(?:: [^=\n]+)? =\s+([^\n]+);$/gm;

/** Patterns of whole texts, `/^…$/`, that stand in more than one file. */
export function twiceWritten(files: readonly Source[]): string[] {
  const homes = new Map<string, Set<string>>();
  for (const { path, text } of files)
    for (const [pattern] of text.matchAll(WHOLE_PATTERN))
      homes.set(pattern, (homes.get(pattern) ?? new Set()).add(path));
  return [...homes]
    .filter(([, paths]) => paths.size > 1)
    .map(([pattern, paths]) => `${pattern} is written in ${[...paths].join(" and ")}: see ${PATTERNS}.`);
}

/** The home of what ids look like. */
const PATTERNS = "src/base/lib/textPatterns.ts";
const WHOLE_PATTERN = /(?<=[\s(=,])\/\^(?:[^/\\\n]|\\.)+\$\/[a-z]*/g;
