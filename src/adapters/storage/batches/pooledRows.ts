import { toHex } from "../../../base/lib/bytes.ts";
import type { Unit } from "../../../base/types/activityRecord.ts";
import type { ActivityKey, MethodologyId, ProviderId, SubjectKey } from "../../../base/types/ids.ts";
import type { Day, MicroUnits, Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { PooledReduction } from "../../../stages/pool/ports.ts";
import { evidenceOf, type EvidenceRow } from "../reductions/evidenceColumns.ts";

/**
 * Pooled reductions of closing `$2` of tenant `$1` whose start lies in `[$3, $4)`, which is what partitions
 * are chosen by, each with its salt key: the newest of its holder that is not younger than the closing. As a
 * subquery it is looked up by index whatever the planner believes.
 */
export const POOLED_SELECT = `SELECT f.provider, f.record_id, f.scenario, f.started_at, f.ended_at,
  f.quantity, f.unit, f.methodology, f.milligrams,
    f.day, f.subject_key, f.activity_key, f.signing_key, f.evidence, f.arrived_at,
    (SELECT k.sealed_key FROM subject_salt_keys k
     WHERE k.tenant = $1 AND k.holder = salt_holder(f.subject_key, f.provider) AND k.since_closing <= $2
     ORDER BY k.since_closing DESC LIMIT 1) AS sealed_key
  FROM reductions f WHERE f.tenant = $1 AND f.closing = $2 AND f.started_at >= $3 AND f.started_at < $4`;

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
    sealedSaltKey: row.sealed_key,
    evidence: evidenceOf(row),
  };
}
