import type { TenantId } from "../../../base/types/ids.ts";
import {
  DUPLICATE_CODES,
  type AdmissionDecision,
  type AdmissionOutcome,
  type ChunkProgress,
  type ChunkResult,
  type IngestStanding,
} from "../../../stages/dedupe/ports.ts";
import {
  CHUNK_COLUMNS,
  chunkResult,
  decodeCuts,
  decodeOutcomes,
  encodeCuts,
  encodeOutcomes,
} from "./chunkRows.ts";
import type { ChunkRow } from "./chunkRows.ts";
import type { Session } from "../engine/database.ts";
import { unknownIngest } from "./ingests.ts";

/** What became of a chunk. */
export interface Admission {
  readonly outcomes: AdmissionOutcome[];
  /** As in `AdmissionDecision`. */
  readonly cuts: AdmissionDecision["cuts"];
  readonly result: ChunkResult;
}

/** What a chunk finds. */
export interface FoundStanding {
  readonly standing: IngestStanding;
  /** The chunk as it is stored under its number, or null. */
  readonly stored: Admission | null;
  /** Unix time in seconds. */
  readonly startedAt: number;
  /** Whether duplicates were in the ingest's last chunk. */
  readonly lastHadDuplicates: boolean;
}

/**
 * Where the chunk's ingest stands. Locks the ingest, so that its chunks come one after another.
 * @throws StateError `ingest.unknown`
 */
export async function findStanding(
  tx: Session,
  tenant: TenantId,
  { ingestId, chunk }: ChunkProgress,
): Promise<FoundStanding> {
  const [ingest] = await tx.query<{ finished: boolean; started_at: bigint }>(
    "SELECT finished, started_at FROM ingests WHERE tenant = $1 AND ingest = $2 FOR UPDATE",
    [tenant, ingestId],
  );
  if (ingest === undefined) throw unknownIngest(ingestId);
  // A statement of its own: it sees what was committed while the lock was waited for.
  const rows = await tx.query<ChunkRow & { outcomes: Uint8Array; cuts: Uint8Array }>(
    `SELECT ${CHUNK_COLUMNS}, CASE WHEN chunk = $3 THEN outcomes ELSE '' END AS outcomes,
       CASE WHEN chunk = $3 THEN cuts ELSE '' END AS cuts
     FROM ingest_chunks WHERE tenant = $1 AND ingest = $2 AND (chunk = $3 OR chunk = (
       SELECT max(chunk) FROM ingest_chunks WHERE tenant = $1 AND ingest = $2)) ORDER BY chunk`,
    [tenant, ingestId, chunk],
  );
  const last = rows.at(-1);
  const row = rows.find((one) => one.chunk === chunk);
  return {
    standing: {
      finished: ingest.finished,
      chunks: last === undefined ? 0 : last.chunk + 1,
      storedDigest: row?.chain_digest ?? null,
    },
    stored:
      row === undefined
        ? null
        : {
            outcomes: decodeOutcomes(row.outcomes),
            cuts: decodeCuts(row.cuts),
            result: chunkResult(row),
          },
    startedAt: Number(ingest.started_at),
    lastHadDuplicates: last !== undefined && chunkResult(last).duplicate > 0,
  };
}

/** Enters a chunk's counts, in the transaction that stores its reductions. */
export async function saveChunk(
  tx: Session,
  tenant: TenantId,
  progress: ChunkProgress,
  {
    outcomes,
    cuts,
    counts: { accepted, implausible, duplicates, milligrams },
  }: Pick<AdmissionDecision, "outcomes" | "cuts" | "counts">,
): Promise<ChunkResult> {
  const [row] = await tx.query<ChunkRow>(
    `INSERT INTO ingest_chunks (tenant, ingest, chunk, chain_digest, rows_read, rejected, milligrams,
     outcomes, accepted, implausible,
       duplicate_record_id, duplicate_same_content, duplicate_activity_key, duplicate_closed, cuts)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15) RETURNING ${CHUNK_COLUMNS}`,
    [
      tenant,
      progress.ingestId,
      progress.chunk,
      progress.chainDigest,
      progress.rowsRead,
      progress.rejected,
      milligrams,
      encodeOutcomes(outcomes),
      accepted,
      implausible,
      ...DUPLICATE_CODES.map((code) => duplicates[code]),
      encodeCuts(cuts),
    ],
  );
  return chunkResult(row as ChunkRow);
}
