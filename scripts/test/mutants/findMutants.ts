import { readFileSync, globSync } from "node:fs";
import { Instrumenter } from "@stryker-mutator/instrumenter";
import type { Equivalent } from "./equivalent.ts";
import { keyOf, type Mutant } from "./keyOf.ts";

/** A mutant with what a reader wants to see of it. */
export interface FoundMutant extends Mutant {
  readonly key: string;
  /** The text that it replaces. */
  readonly code: string;
  /** The line that it begins on, trimmed. */
  readonly lineText: string;
}

const silent = () => {};
const no = () => false;
const SILENT_LOGGER = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: silent,
  debug: silent,
  info: silent,
  warn: silent,
  error: silent,
  fatal: silent,
};

/** Every mutant that Stryker makes of a folder's sources, in their order; files are named from the root. */
export async function findMutants(folder: string): Promise<FoundMutant[]> {
  const sources = new Map(
    globSync(`${folder}/**/*.ts`)
      .toSorted()
      .map((name) => [name, readFileSync(name, "utf8")]),
  );
  const files = [...sources].map(([name, content]) => ({ name, content, mutate: true }));
  const options = { ignorers: [], plugins: null, excludedMutations: [] };
  const { mutants } = await new Instrumenter(SILENT_LOGGER).instrument(files, options);
  // What the sources switch off by a comment has a status already.
  return mutants
    .filter(({ status }) => status === undefined)
    .map((mutant) => describe(mutant, sources.get(mutant.fileName) ?? ""));
}

function describe({ fileName, mutatorName, replacement, location }: Mutant, source: string): FoundMutant {
  const lines = source.split("\n");
  const { start, end } = location;
  const touched = lines.slice(start.line, end.line + 1);
  touched.push((touched.pop() ?? "").slice(0, end.column));
  touched[0] = (touched[0] ?? "").slice(start.column);
  const mutant = { fileName, mutatorName, replacement, location };
  const lineText = (lines[start.line] ?? "").trim();
  return { ...mutant, key: keyOf(mutant), code: touched.join("\n"), lineText };
}

/** Whether a list says of this mutant that it changes nothing. */
export function isEquivalent(mutant: FoundMutant, list: readonly Equivalent[]): boolean {
  return list.some((one) => matches(mutant, one));
}

export function matches(mutant: FoundMutant, { file, code, line, replacement }: Equivalent): boolean {
  return (
    mutant.fileName === file &&
    mutant.code === code &&
    mutant.replacement === replacement &&
    (line === undefined || mutant.lineText === line)
  );
}
