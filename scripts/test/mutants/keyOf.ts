import path from "node:path";

/** Lines and columns both begin at 0. */
interface Place {
  readonly line: number;
  readonly column: number;
}

/** The parts of Stryker's mutant that we read. */
export interface Mutant {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** A name that no other mutant of the same sources has. */
export function keyOf({ fileName, mutatorName, replacement, location: { start, end } }: Mutant): string {
  const at = [start.line, start.column, end.line, end.column].join(":");
  return [path.relative(process.cwd(), path.resolve(fileName)), at, mutatorName, replacement].join("|");
}
