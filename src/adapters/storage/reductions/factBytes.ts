import type { Reduction } from "../../../base/types/reduction.ts";
import { CopyLayout } from "../engine/copyLayout.ts";
import type { TenantEntry } from "../records/tenantEntry.ts";
import { ATTEMPT_BYTES, attemptBytes, HASH_BYTES } from "../records/recordKeys.ts";
import { HMAC_BYTES } from "../../../format/hmacBatch.ts";
import { extraBytes } from "./factAdditions.ts";
import type { KeyedReduction } from "./keyedReductions.ts";
import { HALF, NO_END } from "./rowParts.ts";
import { storedEvidenceBytes } from "./storedEvidence.ts";

/** A record with the place in its unique index that it is to take, and a fact so. */
export interface PlacedRecord {
  readonly keyed: KeyedReduction;
  attempt: number;
}
export interface PlacedFact {
  readonly keyed: KeyedReduction;
  readonly part: number;
}

export const RECORDS = new CopyLayout({ record_key: 16, act_prefix: 4, utc_day: 4 });
export const FACTS = new CopyLayout(
  {
    started_at: 8,
    quantity: 8,
    milligrams: 8,
    after_closing: 4,
    tenant: 4,
    source: 4,
    utc_day: 4,
    seconds: 4,
    signing_key: 4,
    part: 4,
    day_shift: 2,
    disposition: 2,
    activity_hi: 16,
    activity_lo: 16,
    subject_hi: 16,
    subject_lo: 16,
  },
  ["record_id", "evidence", "extra"],
);

/** Open, unsigned and nobody are zeros, which is what a row begins with. */
const NO_EVIDENCE = new Uint8Array();
/** Of most record ids; longer ones are no fault. */
const ID_BYTES = 40;

/** Rows of `records`, for COPY. */
export function recordBytes(placed: readonly PlacedRecord[]): Uint8Array<ArrayBuffer> {
  const { at } = RECORDS;
  const rows = RECORDS.open(placed.length);
  for (const { keyed, attempt } of placed) {
    rows.next();
    const from = keyed.place * HMAC_BYTES;
    rows.bytes(at.record_key, keyed.tags.bytes, from, from + HASH_BYTES);
    if (attempt > 0) rows.bytes(at.record_key + HASH_BYTES, attemptBytes(attempt), 0, ATTEMPT_BYTES);
    rows.bytes(at.act_prefix, keyed.reduction.activityKey, 0, 4);
    rows.int4(at.utc_day, keyed.utcDay, "utc_day");
  }
  return rows.finish();
}

/** Rows of `facts`, for COPY. */
export function factBytes(
  placed: readonly PlacedFact[],
  entry: TenantEntry,
  sources: (reduction: Reduction) => number,
  signingKeys: (publicKey: Uint8Array) => number,
): Uint8Array<ArrayBuffer> {
  const { at } = FACTS;
  const rows = FACTS.open(placed.length, ID_BYTES);
  for (const { keyed, part } of placed) {
    const { reduction, utcDay } = keyed;
    const { record, activityKey, subjectKey, evidence } = reduction;
    rows.next();
    rows.int8(at.started_at, record.startedAt);
    rows.bigint(at.quantity, record.quantity, "quantity");
    rows.bigint(at.milligrams, reduction.milligrams, "milligrams");
    rows.int4(at.after_closing, entry.lastClosing, "after_closing");
    rows.int4(at.tenant, entry.number, "tenant");
    rows.int4(at.source, sources(reduction), "source");
    rows.int4(at.utc_day, utcDay, "utc_day");
    rows.int4(at.seconds, record.endedAt === null ? NO_END : record.endedAt - record.startedAt, "seconds");
    if (evidence) rows.int4(at.signing_key, signingKeys(evidence.publicKey), "signing_key");
    rows.int4(at.part, part, "part");
    rows.int2(at.day_shift, reduction.day - utcDay, "day_shift");
    rows.bytes(at.activity_hi, activityKey, 0, HALF);
    rows.bytes(at.activity_lo, activityKey, HALF, 2 * HALF);
    if (subjectKey !== null) {
      rows.bytes(at.subject_hi, subjectKey, 0, HALF);
      rows.bytes(at.subject_lo, subjectKey, HALF, 2 * HALF);
    }
    rows.text(record.recordId, "record_id");
    rows.blob(evidence ? storedEvidenceBytes(evidence) : NO_EVIDENCE);
    rows.blob(extraBytes(record));
  }
  return rows.finish();
}
