import type { ProviderId } from "../base/types/ids.ts";
import type { Day, Milligrams } from "../base/types/quantities.ts";
import type { DuplicateCode } from "../stages/dedupe/ports.ts";
import type { ReasonCode } from "../stages/ingest/reasonCodes.ts";
import { milligrams } from "../base/lib/mass.ts";

/** How the rows of a generated file must end. Codes that don't occur are absent. */
export interface Planted {
  readonly accepted: number;
  readonly rejected: Readonly<Partial<Record<ReasonCode, number>>>;
  readonly duplicates: Readonly<Partial<Record<DuplicateCode, number>>>;
}

/** One generated provider file and what must come of it. */
export interface PlannedFile {
  readonly path: string;
  /** Path of its profile (YAML). */
  readonly profile: string;
  readonly provider: ProviderId;
  /** The file's format, for people. */
  readonly format: string;
  /** Data rows, header not counted: accepted, rejected and duplicates together. */
  readonly rows: number;
  readonly planted: Planted;
  /** Of the accepted: how many share their activity key, and so their leaf, with another one before them. */
  readonly aggregated: number;
  /** What the accepted rows save, each rounded down: computed here, without ingest or quantify. */
  readonly milligrams: Milligrams;
}

/** A generated day: its files in the order in which they must be ingested for the plan to come true. */
export interface CityDay {
  readonly day: Day;
  /** Lookup files of the profiles; in the same folder as the files that need them. */
  readonly lookups: readonly string[];
  readonly files: readonly PlannedFile[];
  readonly totals: CityDayTotals;
}

export interface CityDayTotals {
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  readonly aggregated: number;
  /** Leaves of a batch of the whole day: accepted less aggregated. */
  readonly leaves: number;
  readonly milligrams: Milligrams;
}

export function totalsOf(files: readonly PlannedFile[]): CityDayTotals {
  const sum = (of: (file: PlannedFile) => number): number =>
    files.reduce((total, file) => total + of(file), 0);
  const accepted = sum(({ planted }) => planted.accepted);
  const aggregated = sum((file) => file.aggregated);
  return {
    rows: sum(({ rows }) => rows),
    accepted,
    rejected: sum(({ planted }) => sumOf(planted.rejected)),
    duplicates: sum(({ planted }) => sumOf(planted.duplicates)),
    aggregated,
    leaves: accepted - aggregated,
    milligrams: milligrams(files.reduce((total, file) => total + file.milligrams, 0n)),
  };
}

function sumOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}
