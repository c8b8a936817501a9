import { posix } from "node:path";
import { tableRows } from "./markdown.ts";

/** A file of the project: path relative to its root, and text. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** One row of the may-import table: patterns of folders and files under src, `*` standing for one folder. */
export interface ImportRule {
  readonly folder: string;
  readonly may: readonly string[];
}

/** The may-import table of src/README.md. */
export function parseImportRules(markdown: string): ImportRule[] {
  return tableRows(markdown, ["folder", "may import"]).flatMap(([folders = "", may = ""]) =>
    codes(folders).map((folder) => ({ folder, may: codes(may) })),
  );
}

/**
 * Every import between files of src that no row allows, as a sentence. A file under no row is one as well.
 */
export function forbiddenImports(sources: readonly Source[], rules: readonly ImportRule[]): string[] {
  return sources.flatMap((source) => {
    const home = homeOf(source.path, rules);
    if (home === undefined) return [`${source.path} lies in no folder of the may-import table.`];
    return importsOf(source.text)
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => posix.join(posix.dirname(source.path), specifier))
      .filter((target) => !isAllowed(target, home))
      .map((target) => `${source.path} may not import ${target}.`);
  });
}

/** Every module that a TypeScript text names: imports, exports from, import(…), resolve(…). */
export function importsOf(text: string): string[] {
  const patterns = [
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"/gm,
    /^\s*import\s+"([^"]+)"/gm,
    /\b(?:import|resolve|require)\(\s*"([^"]+)"/g,
  ];
  return patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] as string));
}

/**
 * The most specific row for a file, and the folder that it stands for there: `src/stages/ingest` for
 * `stages/*`.
 */
function homeOf(
  path: string,
  rules: readonly ImportRule[],
): { folder: string; may: readonly string[] } | undefined {
  const fits = rules
    .map((rule) => ({ folder: matching(rule.folder, path), may: rule.may }))
    .filter((fit): fit is { folder: string; may: readonly string[] } => fit.folder !== undefined);
  return fits.toSorted((a, b) => b.folder.length - a.folder.length)[0];
}

function isAllowed(target: string, home: { folder: string; may: readonly string[] }): boolean {
  return (
    target.startsWith(`${home.folder}/`) ||
    home.may.some((pattern) => matching(pattern, target) !== undefined)
  );
}

/**
 * The beginning of `path` that a pattern (relative to src) stands for, or undefined where it does not fit.
 */
function matching(pattern: string, path: string): string | undefined {
  const source = pattern.replaceAll(".", "\\.").replaceAll("*", "[^/]+");
  return new RegExp(`^(src/${source})(?:/|$)`).exec(path)?.[1];
}

/** The texts in backticks. */
export function codes(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] as string);
}
