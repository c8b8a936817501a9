import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { encodeLeafLine } from "../../stages/attest/confidentialPackage.ts";
import type { Context } from "../context.ts";
import { confidentialLeaves } from "./confidentialLeaves.ts";

/**
 * Writes the confidential package of a closed batch for an outside verifier; readable by its owner only.
 * @throws UsageError `batch.unknown`
 */
export async function packageBatch(
  context: Context,
  request: { batch: string; file: string },
): Promise<{ batchId: BatchId; leaves: number; file: string }> {
  const { batch, lines } = await batchPackage(context, request.batch);
  await pipeline(Readable.from(lines), createWriteStream(request.file, { mode: 0o600 }));
  return { batchId: batch.batchId, leaves: batch.leafCount, file: request.file };
}

/** The same as text, group by group. @throws UsageError `batch.unknown` */
export async function batchPackage(
  context: Context,
  idOrPrefix: string,
): Promise<{ batch: StoredBatch; lines: AsyncIterable<string> }> {
  const batch = await knownBatch(context.db, context.tenant, idOrPrefix);
  async function* lines(found: StoredBatch): AsyncIterable<string> {
    yield `${new TextDecoder().decode(found.manifest)}\n`;
    const { record } = decodeManifest(found.manifest).schemas;
    for await (const drafts of confidentialLeaves(context, found))
      yield drafts.map((draft) => `${encodeLeafLine(draft, record)}\n`).join("");
  }
  return { batch, lines: lines(batch) };
}
