import { DUPLICATE_SENTENCES } from "../../stages/dedupe/duplicateSentences.ts";
import { KNOWN_ROW, type AdmittedRows } from "../ingest/ingestTotals.ts";
import { isRejected, rejectionOf } from "../ingest/rejectedRows.ts";

/**
 * What became of one row of a request. `row` counts data rows from 1. The row itself is not repeated: its
 * sender has it.
 */
export interface RowResult {
  readonly row: number;
  readonly outcome: "accepted" | "rejected" | "duplicate";
  /**
   * Accepted: the record's id and what it saves, whole milligrams as a decimal string. Rows that are part of
   * an act say which.
   */
  readonly recordId?: string;
  readonly milligrams?: string;
  readonly partOf?: number;
  readonly notes?: readonly string[];
  /** Not accepted: the reason's code and sentence, and the field concerned where it is one. */
  readonly code?: string;
  readonly field?: string | null;
  readonly sentence?: string;
}

/** The results of a chunk's rows, in the order of the file. */
export function rowResults({ keyed, refused, duplicates, outcomes }: AdmittedRows): RowResult[] {
  const results: RowResult[] = [
    ...refused.map(({ row, code, field, sentence }): RowResult => ({
      row,
      outcome: "rejected",
      code,
      field,
      sentence,
    })),
    ...duplicates.map(({ row }): RowResult => ({
      row,
      outcome: "duplicate",
      code: KNOWN_ROW,
      field: null,
      sentence: DUPLICATE_SENTENCES[KNOWN_ROW],
    })),
  ];
  keyed.forEach(({ row, parts, reduction, notes }, index) => {
    const code = outcomes[index] ?? "accepted";
    if (code === "accepted") {
      const { recordId } = reduction.record;
      results.push({
        row,
        outcome: "accepted",
        recordId,
        milligrams: reduction.milligrams.toString(),
        ...(notes.length > 0 && { notes }),
      });
      for (const part of parts) results.push({ row: part.row, outcome: "accepted", partOf: row });
    } else if (isRejected(code)) {
      const { field, sentence } = rejectionOf(code);
      for (const one of [...parts, { row }])
        results.push({
          row: one.row,
          outcome: "rejected",
          code,
          field,
          sentence,
        });
    } else {
      for (const one of [...parts, { row }])
        results.push({
          row: one.row,
          outcome: "duplicate",
          code,
          field: null,
          sentence: DUPLICATE_SENTENCES[code],
        });
    }
  });
  return results.toSorted((a, b) => a.row - b.row);
}
