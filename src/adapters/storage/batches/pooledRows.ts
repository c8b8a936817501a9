import type { ActivityKey, SubjectKey } from "../../../base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { StoredEvidence } from "../../../base/types/storedEvidence.ts";
import { signedFormOf } from "../../../format/signing/signedRecord.ts";
import type { PooledReduction } from "../../../stages/pool/ports.ts";
import { additionsOf } from "../reductions/factAdditions.ts";
import { evidenceOf } from "../reductions/storedEvidence.ts";
import type { ClosingSources, FactSource } from "./closingSources.ts";

const NIL = "00000000-0000-0000-0000-000000000000";

/** True of a fact `f` that names nobody. */
export const IS_SUBJECTLESS = `(f.subject_hi = '${NIL}' AND f.subject_lo = '${NIL}')`;

/** Whose salt key a fact `f` takes. */
export const HOLDER = `CASE WHEN ${IS_SUBJECTLESS}
  THEN salt_holder(NULL, (SELECT s.provider FROM sources s WHERE s.source = f.source))
  ELSE salt_holder(uuid_send(f.subject_hi) || uuid_send(f.subject_lo), '') END`;

/**
 * What is told of a closing's facts (`closingFacts`), each with its salt key: the newest of its holder that
 * is not younger than the closing. As a subquery it is looked up by index whatever the planner believes.
 */
export const POOLED_COLUMNS = `f.source, f.record_id, f.started_at, f.seconds, f.quantity, f.milligrams,
  f.utc_day + f.day_shift AS day,
  uuid_send(f.subject_hi) AS subject_hi, uuid_send(f.subject_lo) AS subject_lo,
  uuid_send(f.activity_hi) AS activity_hi, uuid_send(f.activity_lo) AS activity_lo,
  f.signing_key, f.evidence, f.extra,
  (SELECT sk.sealed_key FROM subject_salt_keys sk
   WHERE sk.tenant = $1 AND sk.holder = ${HOLDER} AND sk.since_closing <= $2
   ORDER BY sk.since_closing DESC LIMIT 1) AS sealed_key`;

export interface PooledRow {
  readonly source: number;
  readonly record_id: string;
  readonly started_at: bigint;
  /** -1 where no end is known. */
  readonly seconds: number;
  readonly quantity: MicroUnits;
  readonly milligrams: Milligrams;
  readonly day: Day;
  // Halves of keys, 16 bytes each; the subject's are zeros where nobody is named.
  readonly subject_hi: Uint8Array;
  readonly subject_lo: Uint8Array;
  readonly activity_hi: Uint8Array;
  readonly activity_lo: Uint8Array;
  readonly signing_key: number;
  readonly evidence: Uint8Array;
  readonly extra: Uint8Array;
  readonly sealed_key: Uint8Array | null;
}

/** @param sources of the closing's region */
export function pooledReduction(row: PooledRow, { sources, signingKeys }: ClosingSources): PooledReduction {
  const { provider, methodologyId, scenario, unit, grade, consentText } = sources.get(
    row.source,
  ) as FactSource;
  const startedAt = Number(row.started_at);
  const record = {
    provider,
    recordId: row.record_id,
    scenario,
    startedAt: startedAt as UnixSeconds,
    endedAt: row.seconds < 0 ? null : ((startedAt + row.seconds) as UnixSeconds),
    quantity: row.quantity,
    unit,
    ...additionsOf({ grade, consent_text: consentText, extra: row.extra }),
  };
  const evidence = storedEvidence(row, signingKeys);
  return {
    record,
    methodologyId,
    milligrams: row.milligrams,
    day: row.day,
    subjectKey:
      isZero(row.subject_hi) && isZero(row.subject_lo)
        ? null
        : (joined(row.subject_hi, row.subject_lo) as SubjectKey),
    activityKey: joined(row.activity_hi, row.activity_lo) as ActivityKey,
    storedSaltKey: row.sealed_key,
    evidence: evidence && { ...evidence, form: signedFormOf(record) },
  };
}

/** A signed fact's evidence begins with its arrival, an int8. */
function storedEvidence(
  { signing_key: number, evidence }: PooledRow,
  signingKeys: ClosingSources["signingKeys"],
): StoredEvidence | null {
  if (number === 0) return null;
  return evidenceOf({
    signing_key: signingKeys.get(number) ?? null,
    evidence: evidence.subarray(8),
    arrived_at: new DataView(evidence.buffer, evidence.byteOffset, 8).getBigInt64(0),
  });
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0);
}

function joined(high: Uint8Array, low: Uint8Array): Uint8Array {
  const key = new Uint8Array(high.length + low.length);
  key.set(high);
  key.set(low, high.length);
  return key;
}
