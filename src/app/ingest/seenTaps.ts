import { findSeenRows, saveSeenRows } from "../../adapters/storage/ingests/seenRows.ts";
import type { AdmissionOutcome } from "../../stages/dedupe/ports.ts";
import type { Profile } from "../../stages/ingest/schema/profileSchema.ts";
import {
  decideSeenTaps,
  rowIdsOf,
  type SeenTaps as DecidedTaps,
} from "../../stages/ingest/decideSeenTaps.ts";
import type { Context } from "../context.ts";
import type { KeyedRow } from "./quantifyRows.ts";
import type { RefusedRow } from "../../stages/ingest/rejectsCsv.ts";

/** Rows of a chunk, those set apart that are known from another ingest. */
export type SeenTaps = DecidedTaps<KeyedRow>;

/** Recognises taps that an earlier file brought already (`decideSeenTaps`). */
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
    ...keyed.flatMap(({ reduction, parts }) => [reduction.record.recordId, ...rowIdsOf(parts)]),
  ];
  const seen = await findSeenRows(db, tenant, provider.id, ingest, ids);
  return decideSeenTaps(pairing, seen, keyed, refused);
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
    outcomes[index] === "accepted" ? rowIdsOf(parts).map((rowId) => ({ rowId, used: true })) : [],
  );
  await saveSeenRows(db, tenant, provider.id, ingest, [...waiting, ...used]);
}
