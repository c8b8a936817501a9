import { toHex } from "../../../base/lib/bytes.ts";
import type { ActivityKey, BatchId, MethodologyId, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Milligrams } from "../../../base/types/quantities.ts";
import type { Disposition } from "../../../base/types/reduction.ts";
import type { Session } from "../engine/database.ts";
import { findOwnRecords } from "../records/findOwnRecords.ts";
import { recordName } from "../records/findRecords.ts";

/** Where a provider's record stands. */
export interface FoundRecord {
  readonly activityKey: ActivityKey;
  readonly methodologyId: MethodologyId;
  readonly milligrams: Milligrams;
  readonly disposition: Disposition;
  /** Null while it is open, otherwise disposed of, or in a closing that is not sealed. */
  readonly batchId: BatchId | null;
}

/**
 * A record by its provider's own id; null where it was never admitted.
 * @param keyWidth bytes that record keys have of their hash
 */
export async function findRecord(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  recordId: string,
  keyWidth?: number,
): Promise<FoundRecord | null> {
  const { places } = await findOwnRecords(db, tenant, [{ provider, recordId }], keyWidth);
  const place = places.get(recordName(provider, recordId));
  if (place === undefined) return null;
  const [row] = await db.query<{
    activity_key: ActivityKey;
    methodology: Uint8Array;
    milligrams: Milligrams;
    disposition: Disposition;
    batch_id: Uint8Array | null;
  }>(
    `SELECT f.activity_key, f.methodology, f.milligrams, f.disposition, b.batch_id
     FROM reductions f LEFT JOIN batches b ON b.tenant = f.tenant AND b.closing = f.closing
     WHERE f.tenant = $1 AND f.activity_hi = $2::text::uuid AND f.utc_day = $3 AND f.part = $4`,
    [tenant, place.activityHi, place.utcDay, place.part],
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
