import type { ActivityKey, TenantId } from "../../../base/types/ids.ts";
import type { PooledReduction } from "../../../stages/pool/ports.ts";
import { knownClosing } from "./knownClosing.ts";
import { closingFacts } from "./closingFacts.ts";
import { closingSources } from "./closingSources.ts";
import type { Database, Session } from "../engine/database.ts";
import { POOLED_COLUMNS, pooledReduction } from "./pooledRows.ts";
import type { PooledRow } from "./pooledRows.ts";

/**
 * The frozen reductions of a closing, ordered by activity key and then record id, both bytewise, as one
 * snapshot, in groups of at most `batchRows`. `closingId` is 32 bytes; the closing may be sealed already.
 * @throws StateError `closing.unknown`
 */
export async function* streamPooled(
  db: Database,
  tenant: TenantId,
  closingId: Uint8Array,
  batchRows: number,
): AsyncIterable<PooledReduction[]> {
  const closing = await knownClosing(db, tenant, closingId);
  const { facts, parameters } = await closingFacts(db, tenant, closing);
  const sources = await closingSources(db, tenant, closing.closing.region);
  // Both halves of the key, as uuids, are in the order of its bytes.
  const sql = `SELECT ${POOLED_COLUMNS} FROM ${facts} ORDER BY f.activity_hi, f.activity_lo, f.record_id`;
  for await (const rows of db.stream<PooledRow>(sql, parameters, batchRows)) {
    yield rows.map((row) => pooledReduction(row, sources));
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
  const { facts, parameters } = await closingFacts(db, tenant, closing);
  const rows = await db.query<PooledRow>(
    `SELECT ${POOLED_COLUMNS} FROM ${facts} AND f.activity_hi = uuid_of(substr($7::bytea, 1, 16))
       AND f.activity_lo = uuid_of(substr($7::bytea, 17)) ORDER BY f.record_id`,
    [...parameters, activityKey],
  );
  const sources = await closingSources(db, tenant, closing.closing.region);
  return rows.map((row) => pooledReduction(row, sources));
}
