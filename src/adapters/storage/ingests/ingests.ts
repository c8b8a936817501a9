import { StateError } from "../../../base/errors/errors.ts";
import { fromHex } from "../../../base/lib/bytes.ts";
import type { Hex, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ChunkResult } from "../../../stages/dedupe/ports.ts";
import { CHUNK_COLUMNS, chunkResult, sumOfChunks } from "./chunkRows.ts";
import type { ChunkRow, IngestTotals } from "./chunkRows.ts";
import type { Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";

/**
 * An ingest that was cut off. A run that reads the same file finds its own chain digests in `chunks` and goes
 * on behind them.
 */
export interface UnfinishedIngest {
  readonly ingestId: string;
  readonly sourceName: string;
  readonly startedAt: UnixSeconds;
  /** By number, from 0 without gaps. */
  readonly chunks: readonly ChunkResult[];
}

/** Ingests under one profile that have not been finished, newest first. */
export async function findUnfinishedIngests(
  db: Session,
  tenant: TenantId,
  profileHash: Hex,
): Promise<UnfinishedIngest[]> {
  const ingests = await db.query<{ ingest: bigint; source_name: string; started_at: bigint }>(
    `SELECT ingest, source_name, started_at FROM ingests WHERE tenant = $1 AND profile_hash = $2
     AND NOT finished ORDER BY ingest DESC`,
    [tenant, fromHex(profileHash, 32)],
  );
  if (ingests.length === 0) return [];
  const chunks = await db.query<ChunkRow & { ingest: bigint }>(
    `SELECT ingest, ${CHUNK_COLUMNS} FROM ingest_chunks WHERE tenant = $1 AND ingest = ANY($2::bigint[])
     ORDER BY chunk`,
    [tenant, ingests.map((row) => row.ingest)],
  );
  return ingests.map((row) => ({
    ingestId: row.ingest.toString(),
    sourceName: row.source_name,
    startedAt: Number(row.started_at) as UnixSeconds,
    chunks: chunks.filter((chunk) => chunk.ingest === row.ingest).map((chunk) => chunkResult(chunk)),
  }));
}

/** Inserts a new ingest. Returns its id: 1, 2, 3, … for each tenant. `profileHash` is 32 bytes. */
export async function startIngest(
  db: Session,
  tenant: TenantId,
  ingest: { readonly profileHash: Hex; readonly sourceName: string; readonly startedAt: UnixSeconds },
): Promise<string> {
  const [row] = await db.query<{ ingest: bigint }>(
    `WITH next AS (
       INSERT INTO ingest_numbers AS n (tenant, last) VALUES ($1, 1) ON CONFLICT (tenant) DO UPDATE
       SET last = n.last + 1 RETURNING last)
     INSERT INTO ingests (tenant, ingest, profile_hash, source_name, started_at)
     SELECT $1, last, $2, $3, $4 FROM next RETURNING ingest`,
    [tenant, fromHex(ingest.profileHash, 32), ingest.sourceName, ingest.startedAt],
  );
  return (row as { ingest: bigint }).ingest.toString();
}

/**
 * Closes an ingest whose source has been read to its end. Returns the sums of its chunks. Idempotent; the
 * event `ingest.finished` is recorded the first time.
 * @throws StateError `ingest.unknown`
 */
export async function finishIngest(
  db: Session,
  tenant: TenantId,
  ingestId: string,
  provider: ProviderId,
): Promise<IngestTotals> {
  return db.transaction(async (tx) => {
    const [ingest] = await tx.query<{ finished: boolean }>(
      "SELECT finished FROM ingests WHERE tenant = $1 AND ingest = $2 FOR UPDATE",
      [tenant, ingestId],
    );
    if (ingest === undefined) throw unknownIngest(ingestId);
    const chunks = await tx.query<ChunkRow>(
      `SELECT ${CHUNK_COLUMNS} FROM ingest_chunks WHERE tenant = $1 AND ingest = $2 ORDER BY chunk`,
      [tenant, ingestId],
    );
    const totals = sumOfChunks(chunks.map((chunk) => chunkResult(chunk)));
    if (ingest.finished) return totals;
    await tx.query("UPDATE ingests SET finished = true WHERE tenant = $1 AND ingest = $2", [
      tenant,
      ingestId,
    ]);
    const { rowsRead, accepted, rejected, implausible, duplicate, milligrams } = totals;
    const data = {
      ingestId,
      provider,
      rowsRead,
      accepted,
      rejected: rejected + implausible,
      duplicate,
      milligrams: milligrams.toString(),
    };
    await recordEvent(tx, tenant, { type: "ingest.finished", data });
    return totals;
  });
}

export function unknownIngest(ingestId: string): StateError {
  return new StateError("ingest.unknown", `There is no ingest ${ingestId}. Start one first.`);
}
