import { CheckFailedError, StateError } from "../../base/errors/errors.ts";
import { equalBytes } from "../../base/lib/bytes.ts";
import type { ChunkProgress, IngestStanding } from "./ports.ts";

/**
 * Chunks of an ingest come one after another, each once. A run that was cut off may bring a stored one again:
 * what was read from the same rows is answered from what is stored.
 * @throws CheckFailedError `ingest.rows-lost` where rows read are not rows rejected + reductions given
 * @throws StateError `ingest.chunk-differs` where the stored chunk was read from other rows,
 * `ingest.finished`, `ingest.chunk-order` for a chunk that is not the next one
 */
export function decideChunk(
  { ingestId, chunk, chainDigest, rowsRead, rejected }: ChunkProgress,
  reductions: number,
  { finished, chunks, storedDigest }: IngestStanding,
): "next" | "stored" {
  if (rowsRead !== rejected + reductions) {
    throw new CheckFailedError(
      "ingest.rows-lost",
      `Chunk ${String(chunk)} read ${String(rowsRead)} rows, but ${String(rejected)} were rejected and ` +
        `${String(reductions)} are to be admitted.`,
    );
  }
  if (storedDigest !== null) {
    if (equalBytes(storedDigest, chainDigest)) return "stored";
    throw new StateError(
      "ingest.chunk-differs",
      `Chunk ${String(chunk)} of ingest ${ingestId} is stored already and was read from other rows. ` +
        "Start a new ingest.",
    );
  }
  if (finished) {
    throw new StateError(
      "ingest.finished",
      `Ingest ${ingestId} is finished and takes no further chunks. Start a new ingest.`,
    );
  }
  if (chunks !== chunk) {
    throw new StateError(
      "ingest.chunk-order",
      `Ingest ${ingestId} has ${String(chunks)} chunks, so chunk ${String(chunk)} is not the next one.`,
    );
  }
  return "next";
}
