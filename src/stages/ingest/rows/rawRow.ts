import type { ReasonCode } from "../reasonCodes.ts";

/** A row as it stands in the file, before any meaning: its fields, or why it has none. */
export interface RawRow {
  /**
   * The row's text without its line end (line ends inside quotes as LF), for the digest and the rejects file.
   */
  readonly raw: string;
  /** Null where `code` says why. */
  readonly fields: readonly string[] | null;
  readonly code: ReasonCode | null;
}

/** Turns lines into rows. Each line ends up in exactly one row, in order. */
export interface RowReader {
  push(lines: readonly string[]): RawRow[];
  /** The rows still open at the end of the file. */
  end(): RawRow[];
}

export function refusedRow(raw: string, code: ReasonCode): RawRow {
  return { raw, fields: null, code };
}

/** What is wrong with a line whatever its format, or null. */
export function lineProblem(line: string, rowCharacters: number): ReasonCode | null {
  if (line.length > rowCharacters) return "row.too-long";
  if (line === "") return "row.empty";
  return line.includes("\0") ? "row.nul" : null;
}
