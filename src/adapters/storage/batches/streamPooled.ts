import { StateError } from "../../../base/errors/errors.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time.ts";
import type { ActivityKey, TenantId } from "../../../base/types/ids.ts";
import type { PooledReduction } from "../../../stages/pool/ports.ts";
import { findNumberedClosing } from "./closings.ts";
import type { NumberedClosing } from "./closings.ts";
import type { Database, Session, SqlParameter } from "../engine/database.ts";
import { POOLED_SELECT, pooledReduction } from "./pooledRows.ts";
import type { PooledRow } from "./pooledRows.ts";

const BATCH_ROWS = 5_000;

/**
 * The frozen reductions of a closing, ordered by activity key and then record id, both bytewise, as one
 * snapshot. `closingId` is 32 bytes; the closing may be sealed already.
 * @throws StateError `closing.unknown`
 */
export async function* streamPooled(
  db: Database,
  tenant: TenantId,
  closingId: Uint8Array,
  batchRows: number = BATCH_ROWS,
): AsyncIterable<PooledReduction[]> {
  const closing = await knownClosing(db, tenant, closingId);
  const sql = `${POOLED_SELECT} ORDER BY f.activity_key, f.record_id`;
  for await (const rows of db.stream<PooledRow>(sql, closingParameters(tenant, closing), batchRows)) {
    yield rows.map((row) => pooledReduction(row));
  }
}

/** The reductions under one leaf of a closing, by record id; empty where the closing has no such key. */
export async function findPooledUnderActivityKey(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
  activityKey: ActivityKey,
): Promise<PooledReduction[]> {
  const closing = await knownClosing(db, tenant, closingId);
  const rows = await db.query<PooledRow>(`${POOLED_SELECT} AND f.activity_key = $5 ORDER BY f.record_id`, [
    ...closingParameters(tenant, closing),
    activityKey,
  ]);
  return rows.map((row) => pooledReduction(row));
}

/** @throws StateError `closing.unknown` */
export async function knownClosing(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<NumberedClosing> {
  const closing = await findNumberedClosing(db, tenant, closingId);
  if (closing === null)
    throw new StateError("closing.unknown", "There is no closing with this id. Start one first.");
  return closing;
}

/**
 * Parameters 1 to 4 of statements over a closing's reductions. A local day lies within the UTC days beside
 * it, in any zone.
 */
export function closingParameters(tenant: TenantId, { number, closing }: NumberedClosing): SqlParameter[] {
  return [tenant, number, (closing.startDay - 1) * SECONDS_PER_DAY, (closing.endDay + 2) * SECONDS_PER_DAY];
}
