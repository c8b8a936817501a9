import type { SeenAs } from "./ports.ts";
import { REASON_SENTENCES } from "./reasonCodes.ts";
import type { PartRow } from "./readActivities.ts";
import type { RefusedRow } from "./rejectsCsv.ts";
import type { Profile } from "./schema/profileSchema.ts";

/** An act of a chunk, with its place in the file and the other rows that it was made of. */
export interface TappedAct {
  readonly row: number;
  readonly raw: string;
  readonly reduction: { readonly record: { readonly recordId: string } };
  readonly parts: readonly PartRow[];
}

/** Rows of a chunk, those set apart that are known from another ingest. */
export interface SeenTaps<Act extends TappedAct> {
  readonly keyed: readonly Act[];
  readonly refused: readonly RefusedRow[];
  readonly duplicates: readonly RefusedRow[];
}

/**
 * Sets apart the taps that an earlier file brought already. A refused row that is known is a duplicate. An
 * act whose entry tap is part of another act falls apart: the entry is a duplicate, and the exit has no
 * entry. An act that is known itself is left to admission.
 * @param seen by the provider's row id
 */
export function decideSeenTaps<Act extends TappedAct>(
  pairing: NonNullable<Profile["pairing"]>,
  seen: ReadonlyMap<string, SeenAs>,
  keyed: readonly Act[],
  refused: readonly RefusedRow[],
): SeenTaps<Act> {
  const left: RefusedRow[] = [];
  const duplicates: RefusedRow[] = [];
  for (const row of refused) (row.rowId !== null && seen.has(row.rowId) ? duplicates : left).push(row);
  const whole = keyed.filter(({ row, raw, reduction, parts }) => {
    const { recordId } = reduction.record;
    const isKnown = seen.get(recordId) === "act";
    if (isKnown || !rowIdsOf(parts).some((id) => (seen.get(id) ?? "waiting") !== "waiting")) return true;
    const code = "pair.exit-without-entry";
    const field = String(pairing.kind.column);
    (seen.has(recordId) ? duplicates : left).push({
      row,
      raw,
      rowId: recordId,
      field,
      code,
      sentence: REASON_SENTENCES[code],
    });
    duplicates.push(...parts.map((part) => ({ ...part, field: null, code, sentence: "" })));
    return false;
  });
  return { keyed: whole, refused: left, duplicates };
}

/** The provider's ids of an act's other rows, where they have one. */
export function rowIdsOf(parts: readonly PartRow[]): string[] {
  return parts.flatMap(({ rowId }) => (rowId === null ? [] : [rowId]));
}
