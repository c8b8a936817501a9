import { join } from "node:path";
import { folderReader } from "../../adapters/archive/folder.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { batchFolder, MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { batchIdOf } from "../../format/batch/manifest.ts";

/**
 * Archives by batch, from the folder of one or from one that holds many under their batches' ids. Null: the
 * folder is another batch's.
 */
export async function openArchives(folder: string): Promise<(batchId: BatchId) => ArchiveSource | null> {
  const one = folderReader(folder);
  const manifest = await one.read(MANIFEST_PATH).catch((error: unknown) => {
    if (error instanceof InputError && error.code === "archive.missing") return null;
    throw error;
  });
  if (manifest === null) return (batchId) => folderReader(join(folder, batchFolder(batchId)));
  const only = batchIdOf(manifest);
  return (batchId) => (batchId === only ? one : null);
}
