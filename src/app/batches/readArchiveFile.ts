import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { InputError, UnknownError } from "../../base/errors/errors.ts";
import { batchId } from "../../base/lib/ids.ts";
import type { Context } from "../context.ts";

/**
 * A file of the archive of one of the tenant's batches.
 * @param id the whole batch id
 * @throws UsageError `batch.unknown`, `archive-file.unknown`; InputError `archive.path`
 */
export async function readArchiveFile(context: Context, id: string, path: string): Promise<Uint8Array> {
  const batch = await knownBatch(context.db, context.tenant, batchId(id));
  try {
    return await context.archive.reader(batch.batchId).read(path);
  } catch (error) {
    if (!(error instanceof InputError) || error.code !== "archive.missing") throw error;
    throw new UnknownError(
      "archive-file.unknown",
      `The archive of batch ${batch.batchId} has no file ${path}.`,
    );
  }
}
