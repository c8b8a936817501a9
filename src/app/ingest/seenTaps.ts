import { findSeenRows, saveSeenRows } from "../../adapters/storage/ingests/seenRows.ts";
import type { AdmissionOutcome } from "../../stages/dedupe/ports.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import { REASON_SENTENCES } from "../../stages/ingest/reasonCodes.ts";
import type { Context } from "../context.ts";
import type { KeyedRow } from "./quantifyRows.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";

/** Rows of a chunk, those set apart that are known from another ingest. */
export interface SeenTaps {
  readonly keyed: readonly KeyedRow[];
  readonly refused: readonly RefusedRow[];
  readonly duplicates: readonly RefusedRow[];
}

/**
 * Recognises taps that an earlier file brought already. A refused row that is known is a duplicate. An act
 * whose entry tap is part of another act falls apart: the entry is a duplicate, and the exit has no entry. An
 * act that is known itself is left to admission.
 */
export async function findSeenTaps(
  { db, tenant }: Context,
  { pairing, provider }: Profile,
  ingest: string,
  keyed: readonly KeyedRow[],
  refused: readonly RefusedRow[],
): Promise<SeenTaps> {
  if (!pairing) return { keyed, refused, duplicates: [] };
  const ids = [
    ...refused.flatMap(({ rowId }) => (rowId === null ? [] : [rowId])),
    ...keyed.flatMap(({ reduction, parts }) => [reduction.record.recordId, ...idsOf(parts)]),
  ];
  const seen = await findSeenRows(db, tenant, provider.id, ingest, ids);
  const left: RefusedRow[] = [];
  const duplicates: RefusedRow[] = [];
  for (const row of refused) (row.rowId !== null && seen.has(row.rowId) ? duplicates : left).push(row);
  const whole = keyed.filter(({ row, raw, reduction, parts }) => {
    const { recordId } = reduction.record;
    const isKnown = seen.get(recordId) === "act";
    if (isKnown || !idsOf(parts).some((id) => (seen.get(id) ?? "waiting") !== "waiting")) return true;
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

/** Remembers the taps of an admitted chunk: parts of accepted acts as used, the others as waiting. */
export async function saveSeenTaps(
  { db, tenant }: Context,
  { pairing, provider }: Profile,
  ingest: string,
  { keyed, refused }: SeenTaps,
  outcomes: readonly AdmissionOutcome[],
): Promise<void> {
  if (!pairing) return;
  const waiting = refused.flatMap(({ rowId }) => (rowId === null ? [] : [{ rowId, used: false }]));
  const used = keyed.flatMap(({ parts }, index) =>
    outcomes[index] === "accepted" ? idsOf(parts).map((rowId) => ({ rowId, used: true })) : [],
  );
  await saveSeenRows(db, tenant, provider.id, ingest, [...waiting, ...used]);
}

function idsOf(parts: KeyedRow["parts"]): string[] {
  return parts.flatMap(({ rowId }) => (rowId === null ? [] : [rowId]));
}
