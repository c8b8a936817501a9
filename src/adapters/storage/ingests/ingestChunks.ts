import { StateError } from "../../../base/errors/errors.ts";
import { equalBytes } from "../../../base/lib/bytes.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import { IMPLAUSIBLE_DAY_CODES } from "../../../base/types/plausibility.ts";
import type {
  AdmissionOutcome,
  ChunkProgress,
  ChunkResult,
  DuplicateCode,
} from "../../../stages/dedupe/ports.ts";
import { CHUNK_COLUMNS, chunkResult, decodeOutcomes, encodeOutcomes } from "./chunkRows.ts";
import type { ChunkRow } from "./chunkRows.ts";
import type { Session } from "../engine/database.ts";
import { unknownIngest } from "./ingests.ts";

/** What became of a chunk. */
export interface Admission {
  readonly outcomes: AdmissionOutcome[];
  readonly result: ChunkResult;
}

/**
 * The chunk as it was stored, or null where it is the next one. Locks the ingest, so that its chunks come one
 * after another.
 */
export async function storedChunk(
  tx: Session,
  tenant: TenantId,
  progress: ChunkProgress,
): Promise<Admission | null> {
  const [ingest] = await tx.query<{ finished: boolean }>(
    "SELECT finished FROM ingests WHERE tenant = $1 AND ingest = $2 FOR UPDATE",
    [tenant, progress.ingestId],
  );
  if (ingest === undefined) throw unknownIngest(progress.ingestId);
  const [row] = await tx.query<ChunkRow & { outcomes: Uint8Array }>(
    `SELECT ${CHUNK_COLUMNS}, outcomes FROM ingest_chunks WHERE tenant = $1 AND ingest = $2 AND chunk = $3`,
    [tenant, progress.ingestId, progress.chunk],
  );
  if (row !== undefined) {
    if (equalBytes(row.chain_digest, progress.chainDigest))
      return { outcomes: decodeOutcomes(row.outcomes), result: chunkResult(row) };
    throw new StateError(
      "ingest.chunk-differs",
      `Chunk ${String(progress.chunk)} of ingest ${progress.ingestId} is stored already and was read from other rows. Start a new ingest.`,
    );
  }
  if (ingest.finished) {
    throw new StateError(
      "ingest.finished",
      `Ingest ${progress.ingestId} is finished and takes no further chunks. Start a new ingest.`,
    );
  }
  const [count] = await tx.query<{ chunks: number }>(
    "SELECT coalesce(max(chunk) + 1, 0) AS chunks FROM ingest_chunks WHERE tenant = $1 AND ingest = $2",
    [tenant, progress.ingestId],
  );
  if (count?.chunks !== progress.chunk) {
    throw new StateError(
      "ingest.chunk-order",
      `Ingest ${progress.ingestId} has ${String(count?.chunks)} chunks, so chunk ${String(progress.chunk)} is not the next one.`,
    );
  }
  return null;
}

/** Enters a chunk's counts, in the transaction that stores its reductions. */
export async function saveChunk(
  tx: Session,
  tenant: TenantId,
  progress: ChunkProgress,
  outcomes: readonly AdmissionOutcome[],
  milligrams: bigint,
): Promise<ChunkResult> {
  const count = (outcome: AdmissionOutcome): number => outcomes.filter((each) => each === outcome).length;
  const duplicates: DuplicateCode[] = [
    "duplicate.record-id",
    "duplicate.same-content",
    "duplicate.activity-key",
    "duplicate.closed",
  ];
  const [row] = await tx.query<ChunkRow>(
    `INSERT INTO ingest_chunks (tenant, ingest, chunk, chain_digest, rows_read, rejected, milligrams, outcomes, accepted, duplicate_record_id,
       duplicate_same_content, duplicate_activity_key, duplicate_closed, implausible)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) RETURNING ${CHUNK_COLUMNS}`,
    [
      tenant,
      progress.ingestId,
      progress.chunk,
      progress.chainDigest,
      progress.rowsRead,
      progress.rejected,
      milligrams,
      encodeOutcomes(outcomes),
      count("accepted"),
      ...duplicates.map((code) => count(code)),
      IMPLAUSIBLE_DAY_CODES.reduce((sum, code) => sum + count(code), 0),
    ],
  );
  return chunkResult(row as ChunkRow);
}
