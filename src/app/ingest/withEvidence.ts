import type { JudgedRows } from "../providers/openSigning.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";
import type { KeyedRow } from "./quantifyRows.ts";

/** Joins what became of rows by their signatures with what quantification made of the others. */
export function withEvidence(
  { refused, evidence }: JudgedRows,
  quantified: { readonly keyed: readonly KeyedRow[]; readonly refused: readonly RefusedRow[] },
): { keyed: readonly KeyedRow[]; refused: readonly RefusedRow[] } {
  return {
    keyed:
      evidence.size === 0
        ? quantified.keyed
        : quantified.keyed.map((row) => ({
            ...row,
            reduction: { ...row.reduction, evidence: evidence.get(row.row) ?? null },
          })),
    refused:
      refused.length === 0
        ? quantified.refused
        : [...refused, ...quantified.refused].toSorted((a, b) => a.row - b.row),
  };
}
