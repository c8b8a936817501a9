import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ARCHIVE_NAME } from "../../adapters/archive/archiveNames.ts";
import { folderReader } from "../../adapters/archive/folderReader.ts";
import { InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { batchFolder, MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { batchIdOf } from "../../format/batch/manifest.ts";

/** The archive in any folder that holds one batch, ours or somebody else's. */
export const openArchive: (folder: string) => ArchiveSource = folderReader;

/**
 * Archives by batch, from the folder of one or from one that holds many under their batches' ids. Null: the
 * folder is another batch's.
 * @throws UsageError `file.unreadable` where it is no folder; InputError `verify.archive` where it holds none
 */
export async function openArchives(folder: string): Promise<(batchId: BatchId) => ArchiveSource | null> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw fileUnreadable(`The archive folder ${folder}`, cause);
  });
  const one = folderReader(folder);
  const manifest = await one.read(MANIFEST_PATH).catch((error: unknown) => {
    if (error instanceof InputError && error.code === "archive.missing") return null;
    throw error;
  });
  if (manifest === null && !names.some((name) => ARCHIVE_NAME.test(name)))
    throw new InputError(
      "verify.archive",
      `${folder} holds no archive: neither a ${MANIFEST_PATH} nor folders named by their batches' ids.`,
    );
  if (manifest === null) return (batchId) => folderReader(join(folder, batchFolder(batchId)));
  const only = batchIdOf(manifest);
  return (batchId) => (batchId === only ? one : null);
}
