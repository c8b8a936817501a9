import { UsageError } from "../../../base/errors/errors.ts";
import { toHex } from "../../../base/lib/bytes.ts";
import type { BatchId, RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../../base/types/quantities.ts";
import type { BatchState, BatchSummary } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";
import { idPrefix } from "../engine/idPrefix.ts";

/** A sealed batch with what its archive and its commit are made from. */
export interface StoredBatch extends BatchSummary {
  readonly closingId: Uint8Array;
  /** keccak-256 of all leaf bytes. */
  readonly leavesHash: Uint8Array;
  /** `manifest.json`, canonical bytes. */
  readonly manifest: Uint8Array;
}

interface BatchRow {
  readonly batch_id: Uint8Array;
  readonly state: BatchState;
  readonly region: RegionCode;
  readonly start_day: Day;
  readonly end_day: Day;
  readonly leaf_count: number;
  readonly total_milligrams: Milligrams;
  readonly buffer_milligrams: Milligrams;
  readonly minted_milligrams: Milligrams;
  readonly retired_milligrams: Milligrams;
  readonly root: Uint8Array;
  readonly created_at: bigint;
}

const SUMMARY = `b.batch_id, b.state, c.region, c.start_day, c.end_day, b.leaf_count,
  b.total_milligrams, b.buffer_milligrams, b.minted_milligrams,
  (SELECT coalesce(sum(l.milligrams), 0)::bigint FROM retirement_lines l
   WHERE l.tenant = b.tenant AND l.batch_id = b.batch_id
     AND l.end_milligrams IS NOT NULL) AS retired_milligrams,
  b.root, c.created_at`;
const FROM =
  "FROM batches b JOIN closings c ON c.tenant = b.tenant AND c.closing = b.closing WHERE b.tenant = $1";

/** All sealed batches, in the order of their closings. `retiredMilligrams` counts final retirements. */
export async function listBatches(db: Session, tenant: TenantId): Promise<BatchSummary[]> {
  const rows = await db.query<BatchRow>(`SELECT ${SUMMARY} ${FROM} ORDER BY b.closing`, [tenant]);
  return rows.map((row) => summaryOf(row));
}

/** As `listBatches`, with their manifests. */
export async function listBatchManifests(
  db: Session,
  tenant: TenantId,
): Promise<(BatchSummary & Pick<StoredBatch, "manifest">)[]> {
  const rows = await db.query<BatchRow & { manifest: Uint8Array }>(
    `SELECT ${SUMMARY}, b.manifest ${FROM} ORDER BY b.closing`,
    [tenant],
  );
  return rows.map((row) => ({ ...summaryOf(row), manifest: row.manifest }));
}

/**
 * A batch by its id or by the first digits of it (with or without 0x) that no other batch shares; null where
 * there is none.
 * @throws UsageError `batch.ambiguous`, `id.prefix`
 */
export async function findBatch(
  db: Session,
  tenant: TenantId,
  idOrPrefix: string,
): Promise<StoredBatch | null> {
  const rows = await db.query<
    BatchRow & { closing_id: Uint8Array; leaves_hash: Uint8Array; manifest: Uint8Array }
  >(
    `SELECT ${SUMMARY}, c.closing_id, b.leaves_hash, b.manifest ${FROM}
     AND starts_with(encode(b.batch_id, 'hex'), $2) LIMIT 2`,
    [tenant, idPrefix(idOrPrefix)],
  );
  const [row, other] = rows;
  if (other !== undefined) {
    throw new UsageError(
      "batch.ambiguous",
      `More than one batch id begins with ${idOrPrefix}. Give more digits.`,
    );
  }
  if (row === undefined) return null;
  return {
    ...summaryOf(row),
    closingId: row.closing_id,
    leavesHash: row.leaves_hash,
    manifest: row.manifest,
  };
}

/**
 * The batch sealed last: the one that the next manifest names as `previousBatchId`. Null before the first.
 */
export async function batchHead(db: Session, tenant: TenantId): Promise<BatchId | null> {
  const [row] = await db.query<{ batch_id: Uint8Array }>(
    "SELECT batch_id FROM batches WHERE tenant = $1 ORDER BY closing DESC LIMIT 1",
    [tenant],
  );
  return row === undefined ? null : (toHex(row.batch_id) as BatchId);
}

function summaryOf(row: BatchRow): BatchSummary {
  return {
    batchId: toHex(row.batch_id) as BatchId,
    state: row.state,
    region: row.region,
    startDay: row.start_day,
    endDay: row.end_day,
    leafCount: row.leaf_count,
    totalMilligrams: row.total_milligrams,
    bufferMilligrams: row.buffer_milligrams,
    mintedMilligrams: row.minted_milligrams,
    retiredMilligrams: row.retired_milligrams,
    root: row.root,
    createdAt: Number(row.created_at) as UnixSeconds,
  };
}
