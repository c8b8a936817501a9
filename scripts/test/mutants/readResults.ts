import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { keyOf, type Mutant } from "./keyOf.ts";
import { NOT_DRAWN } from "./strykerPlugins.ts";

/** What became of a mutant, in Stryker's words. `RuntimeError`: the test files could not even be loaded. */
export type Fate =
  "Killed" | "Survived" | "NoCoverage" | "Timeout" | "RuntimeError" | "CompileError" | "Ignored";

type Result = Omit<Mutant, "fileName"> & {
  readonly status: Fate;
  readonly statusReason?: string;
  readonly testsCompleted?: number;
};

/** The part of Stryker's report that we read; places begin at 1 in it. */
interface Report {
  readonly files: Record<string, { mutants: Result[] }>;
}

/**
 * What became of each mutant that was ever run and whose result still holds, by the mutant's key. Takes out
 * of the file what marks the mutants that were not drawn, so that the next run does not take it for a result;
 * and what "survived" a run in which no test came to its end, as of a runner that was stopped or starved.
 */
export function readResults(file: string): Map<string, Fate> {
  if (!existsSync(file)) return new Map();
  const report = JSON.parse(readFileSync(file, "utf8")) as Report;
  for (const source of Object.values(report.files)) {
    source.mutants = source.mutants.filter(
      ({ status, statusReason, testsCompleted }) =>
        statusReason !== NOT_DRAWN && !(status === "Survived" && testsCompleted === 0),
    );
  }
  writeFileSync(`${file}.new`, JSON.stringify(report));
  renameSync(`${file}.new`, file);
  return new Map(
    Object.entries(report.files).flatMap(([fileName, { mutants }]) =>
      mutants.map((mutant) => [keyOf({ ...fromOne(mutant), fileName }), mutant.status] as const),
    ),
  );
}

function fromOne({ location: { start, end }, mutatorName, replacement }: Result): Omit<Mutant, "fileName"> {
  const place = ({ line, column }: { line: number; column: number }) => ({
    line: line - 1,
    column: column - 1,
  });
  return { mutatorName, replacement, location: { start: place(start), end: place(end) } };
}
