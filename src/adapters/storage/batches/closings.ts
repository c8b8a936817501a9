import { fromHex, toHex } from "../../../base/lib/bytes.ts";
import { milligrams } from "../../../base/lib/mass.ts";
import type { BatchId, RegionCode, TenantId } from "../../../base/types/ids.ts";
import type { Day, UnixSeconds } from "../../../base/types/quantities.ts";
import type { Closing, ClosingCategory, ClosingTerms, KeptTerms } from "../../../stages/pool/ports.ts";
import { canonicalJson } from "../../../format/canonicalJson.ts";
import type { Session } from "../engine/database.ts";

/** What `startClosing` is asked for: a closing before its reductions are counted, of acts if not said. */
export type ClosingRequest = Omit<Closing, "reductions" | "milligrams" | "category" | "terms"> & {
  readonly category?: ClosingCategory;
  /** None are kept if left out. */
  readonly terms?: ClosingTerms;
};

export interface ClosingRow {
  readonly closing: number;
  readonly closing_id: Uint8Array;
  readonly region: RegionCode;
  readonly category: ClosingCategory;
  readonly start_day: Day;
  readonly end_day: Day;
  readonly time_zone: string;
  readonly created_at: bigint;
  readonly previous_batch_id: Uint8Array | null;
  readonly reductions: bigint;
  readonly milligrams: bigint;
  readonly terms: string | null;
  readonly sealed: boolean;
}

/** A closing with the number that rows refer to it by. */
export interface NumberedClosing {
  readonly number: number;
  readonly sealed: boolean;
  readonly closing: Closing;
}

const COLUMNS = `closing, closing_id, region, category, start_day, end_day, time_zone, created_at,
  previous_batch_id, reductions, milligrams, terms, sealed`;

/** The closing that has been started and not sealed, or null. There is at most one. */
export async function findClosing(db: Session, tenant: TenantId): Promise<Closing | null> {
  const [row] = await db.query<ClosingRow>(
    `SELECT ${COLUMNS} FROM closings WHERE tenant = $1 AND NOT sealed`,
    [tenant],
  );
  return row === undefined ? null : closingOf(row);
}

/** A closing by its 32-byte id, sealed or not; null where there is none. */
export async function findNumberedClosing(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<NumberedClosing | null> {
  const [row] = await db.query<ClosingRow>(
    `SELECT ${COLUMNS} FROM closings WHERE tenant = $1 AND closing_id = $2`,
    [tenant, closingId],
  );
  return row === undefined ? null : { number: row.closing, sealed: row.sealed, closing: closingOf(row) };
}

/** Inserts a closing without reductions. Returns its number. */
export async function insertClosing(tx: Session, tenant: TenantId, request: ClosingRequest): Promise<number> {
  const [row] = await tx.query<{ closing: number }>(
    `INSERT INTO closings (tenant, closing_id, region, start_day, end_day, time_zone, created_at,
     previous_batch_id, reductions, milligrams, category, terms)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, 0, $9, $10) RETURNING closing`,
    [
      tenant,
      request.closingId,
      request.region,
      request.startDay,
      request.endDay,
      request.timeZone,
      request.createdAt,
      request.previousBatchId === null ? null : fromHex(request.previousBatchId, 32),
      request.category ?? "act",
      request.terms === undefined ? null : canonicalJson(request.terms),
    ],
  );
  return (row as { closing: number }).closing;
}

function closingOf(row: ClosingRow): Closing {
  return {
    closingId: row.closing_id,
    region: row.region,
    category: row.category,
    startDay: row.start_day,
    endDay: row.end_day,
    timeZone: row.time_zone,
    createdAt: Number(row.created_at) as UnixSeconds,
    previousBatchId: row.previous_batch_id === null ? null : (toHex(row.previous_batch_id) as BatchId),
    terms: row.terms === null ? null : (JSON.parse(row.terms) as KeptTerms),
    reductions: Number(row.reductions),
    milligrams: milligrams(row.milligrams),
  };
}
