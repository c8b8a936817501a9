import { toHex } from "../../../base/lib/bytes.ts";
import type { Unit } from "../../../base/types/activityRecord.ts";
import type { ActivityKey, MethodologyId, ProviderId, SubjectKey } from "../../../base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { PooledReduction } from "../../../stages/pool/ports.ts";
import { evidenceOf, type EvidenceRow } from "../reductions/storedEvidence.ts";

const NIL = "00000000-0000-0000-0000-000000000000";

/** True of a fact `f` that names nobody. */
export const IS_SUBJECTLESS = `(f.subject_hi = '${NIL}' AND f.subject_lo = '${NIL}')`;
const SUBJECT_KEY = `CASE WHEN NOT ${IS_SUBJECTLESS}
  THEN uuid_send(f.subject_hi) || uuid_send(f.subject_lo) END`;

/** Whose salt key a fact `f` of source `s` takes. */
export const HOLDER = `salt_holder(${SUBJECT_KEY}, s.provider)`;

/**
 * What is told of a closing's facts (`closingFacts`), each with its salt key: the newest of its holder that
 * is not younger than the closing. As a subquery it is looked up by index whatever the planner believes.
 */
export const POOLED_COLUMNS = `s.provider, f.record_id, s.scenario, f.started_at,
  CASE WHEN f.seconds >= 0 THEN f.started_at + f.seconds END AS ended_at, f.quantity, s.unit, s.methodology,
  f.milligrams, f.utc_day + f.day_shift AS day,
  ${SUBJECT_KEY} AS subject_key,
  uuid_send(f.activity_hi) || uuid_send(f.activity_lo) AS activity_key, k.public_key AS signing_key,
  CASE WHEN f.signing_key <> 0 THEN substr(f.evidence, 9) END AS evidence,
  CASE WHEN f.signing_key <> 0 THEN arrival(f.evidence) END AS arrived_at,
  (SELECT sk.sealed_key FROM subject_salt_keys sk
   WHERE sk.tenant = $1 AND sk.holder = ${HOLDER} AND sk.since_closing <= $2
   ORDER BY sk.since_closing DESC LIMIT 1) AS sealed_key`;

export interface PooledRow extends EvidenceRow {
  readonly provider: ProviderId;
  readonly record_id: string;
  readonly scenario: string;
  readonly started_at: bigint;
  readonly ended_at: bigint | null;
  readonly quantity: MicroUnits;
  readonly unit: Unit;
  readonly methodology: Uint8Array;
  readonly milligrams: Milligrams;
  readonly day: Day;
  readonly subject_key: SubjectKey | null;
  readonly activity_key: ActivityKey;
  readonly sealed_key: Uint8Array | null;
}

export function pooledReduction(row: PooledRow): PooledReduction {
  return {
    record: {
      provider: row.provider,
      recordId: row.record_id,
      scenario: row.scenario,
      startedAt: Number(row.started_at) as UnixSeconds,
      endedAt: row.ended_at === null ? null : (Number(row.ended_at) as UnixSeconds),
      quantity: row.quantity,
      unit: row.unit,
    },
    methodologyId: toHex(row.methodology) as MethodologyId,
    milligrams: row.milligrams,
    day: row.day,
    subjectKey: row.subject_key,
    activityKey: row.activity_key,
    storedSaltKey: row.sealed_key,
    evidence: evidenceOf(row),
  };
}
