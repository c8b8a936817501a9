import { DUPLICATE_SENTENCES } from "../../stages/dedupe/duplicateSentences.ts";
import type { DuplicateCode } from "../../stages/dedupe/ports.ts";
import type { RejectedRow } from "../../stages/ingest/rejectsCsv.ts";
import { KNOWN_ROW, type AdmittedRows } from "./ingestTotals.ts";
import { isRejected } from "./rejectedRows.ts";

/** The rows of a chunk that are here already, in the order of the file. */
export function duplicateRows({ keyed, duplicates, outcomes }: AdmittedRows): RejectedRow[] {
  const ofRow = (row: number, raw: string, code: DuplicateCode): RejectedRow => ({
    row,
    field: null,
    code,
    sentence: DUPLICATE_SENTENCES[code],
    raw,
  });
  const known = duplicates.map(({ row, raw }) => ofRow(row, raw, KNOWN_ROW));
  const refused = keyed.flatMap(({ row, raw, parts }, index) => {
    const code = outcomes[index] ?? "accepted";
    return code === "accepted" || isRejected(code)
      ? []
      : [...parts, { row, raw }].map((one) => ofRow(one.row, one.raw, code));
  });
  return [...known, ...refused].toSorted((a, b) => a.row - b.row);
}
