import { toHex } from "../../../base/lib/bytes.ts";
import type { ActivityKey, BatchId, MethodologyId, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { Session } from "../engine/database.ts";

/** Where a provider's record stands. */
export interface FoundRecord {
  readonly activityKey: ActivityKey;
  readonly methodologyId: MethodologyId;
  readonly milligrams: Milligrams;
  readonly disposition: Disposition;
  /** Null while it is open, otherwise disposed of, or in a closing that is not sealed. */
  readonly batchId: BatchId | null;
}

/** A record by its provider's own id; null where it was never admitted. */
export async function findRecord(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  recordId: string,
): Promise<FoundRecord | null> {
  const [row] = await db.query<{
    activity_key: ActivityKey;
    methodology: Uint8Array;
    milligrams: Milligrams;
    disposition: Disposition;
    batch_id: Uint8Array | null;
  }>(
    `SELECT f.activity_key, f.methodology, f.milligrams, f.disposition, b.batch_id
     FROM record_keys k
     JOIN reductions f ON f.tenant = k.tenant AND f.provider = k.provider AND f.record_id = k.record_id
     AND f.started_at = k.started_at
      AND f.activity_key = k.activity_key
     LEFT JOIN batches b ON b.tenant = f.tenant AND b.closing = f.closing
     WHERE k.tenant = $1 AND k.provider = $2 AND k.record_id = $3`,
    [tenant, provider, recordId],
  );
  if (row === undefined) return null;
  return {
    activityKey: row.activity_key,
    methodologyId: toHex(row.methodology) as MethodologyId,
    milligrams: row.milligrams,
    disposition: row.disposition,
    batchId: row.batch_id === null ? null : (toHex(row.batch_id) as BatchId),
  };
}
