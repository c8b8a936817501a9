import { posix } from "node:path";
import type { Source } from "./importRules.ts";

/** A file that exports one function or class and nothing else, types aside, bears its name. */
export function misnamedFiles(files: readonly Source[], exceptions: readonly string[]): string[] {
  return files
    .filter(({ path }) => !exceptions.includes(path))
    .flatMap(({ path, text }) => {
      const values = [...text.matchAll(VALUE)].map((match) => [match[1] as string, match[2] as string]);
      const [[kind = "", name = ""] = []] = values;
      if (values.length !== 1 || REEXPORT.test(text) || /const|let/.test(kind)) return [];
      const base = posix.basename(path).replace(/\.(?:ts|mjs)$/, "");
      const wanted = kind === "class" ? `${name.slice(0, 1).toLowerCase()}${name.slice(1)}` : name;
      return base === wanted ? [] : [`${path} exports ${name} alone: name it ${wanted}.`];
    });
}

const VALUE =
  /^export (?:default )?(?:async |abstract )?(function|class|const|let)\b\*? *(?:enum )?([\w$]+|[{[])/gm;
const REEXPORT = /^export (?!type\b)[{*]/m;

/** Constants that bound something are called MAX_ or MIN_, as the settings are. */
export function oddBounds(files: readonly Source[]): string[] {
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(ODD_BOUND)].map((match) => `${path}: ${match[1] as string} is a MAX_ or a MIN_.`),
  );
}

const SUPERLATIVES = "MOST|LEAST|LONGEST|SHORTEST|LARGEST|SMALLEST|FEWEST|HIGHEST|LOWEST";
const ODD_BOUND = new RegExp(String.raw`^\s*(?:export )?const ((?:${SUPERLATIVES})(?:_\w+)?)\b`, "gm");
