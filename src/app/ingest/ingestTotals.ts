import { CheckFailedError } from "../../base/errors/errors.ts";
import type { AdmissionOutcome, DuplicateCode } from "../../stages/dedupe/ports.ts";
import { isRejected } from "./rejectedRows.ts";
import type { SeenTaps } from "./seenTaps.ts";

/** The code of a row that is recognised before admission. */
export const KNOWN_ROW: DuplicateCode = "duplicate.record-id";

/** What an ingest came to, in rows: `read = accepted + rejected + duplicates`. */
export interface IngestReport {
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly duplicates: number;
  /** Acts that the accepted rows came to: fewer than rows where several make one. */
  readonly acts: number;
  /** Of what was accepted; decimal string of whole milligrams. */
  readonly milligrams: string;
  /** Rejections and duplicates by reason code. */
  readonly reasons: Readonly<Record<string, number>>;
  /** What is to be said about accepted acts, by note. */
  readonly notes: Readonly<Record<string, number>>;
}

/** What became of a chunk: its rows, and per keyed one the decision. */
export interface AdmittedRows extends SeenTaps {
  readonly outcomes: readonly AdmissionOutcome[];
  readonly milligrams: bigint;
  /** Rows that the file has given so far, this chunk included. */
  readonly read: number;
}

/** Counts what chunk after chunk comes to. */
export class IngestTotals {
  #read = 0;
  #accepted = 0;
  #acts = 0;
  #rejected = 0;
  #duplicates = 0;
  #milligrams = 0n;
  readonly #reasons = new Map<string, number>();
  readonly #notes = new Map<string, number>();

  add({ keyed, refused, duplicates, outcomes, milligrams, read }: AdmittedRows): void {
    this.#read = read;
    this.#milligrams += milligrams;
    this.#rejected += refused.length;
    for (const { code } of refused) count(this.#reasons, code, 1);
    this.#duplicates += duplicates.length;
    if (duplicates.length > 0) count(this.#reasons, KNOWN_ROW, duplicates.length);
    keyed.forEach(({ parts, notes }, index) => {
      const rows = 1 + parts.length;
      const outcome = outcomes[index] ?? "accepted";
      if (outcome === "accepted") {
        this.#accepted += rows;
        this.#acts += 1;
        for (const note of notes) count(this.#notes, note, 1);
      } else {
        if (isRejected(outcome)) this.#rejected += rows;
        else this.#duplicates += rows;
        count(this.#reasons, outcome, rows);
      }
    });
  }

  /**
   * @throws CheckFailedError `ingest.rows-lost` where rows read are not rows accepted + rejected + duplicates
   */
  report(): IngestReport {
    const known = this.#accepted + this.#rejected + this.#duplicates;
    if (known !== this.#read) {
      throw new CheckFailedError(
        "ingest.rows-lost",
        `${String(this.#read)} rows were read, but ${String(known)} are accounted for.`,
      );
    }
    return {
      read: this.#read,
      accepted: this.#accepted,
      rejected: this.#rejected,
      duplicates: this.#duplicates,
      acts: this.#acts,
      milligrams: this.#milligrams.toString(),
      reasons: sorted(this.#reasons),
      notes: sorted(this.#notes),
    };
  }
}

function count(counts: Map<string, number>, code: string, by: number): void {
  counts.set(code, (counts.get(code) ?? 0) + by);
}

function sorted(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
