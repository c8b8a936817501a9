import { archiveFolder } from "../../../src/adapters/archive/archiveFolder.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import { MANIFEST_PATH } from "../../../src/format/archive/archiveLayout.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import type { ArchiveSource } from "../../../src/format/archive/readArchive.ts";
import type { Manifest } from "../../../src/format/batch/manifest.ts";
import { benchFolder } from "../benchFolder.ts";
import { largeBatch } from "./largeBatch.ts";

/** An archive in a temporary folder. */
export interface WrittenArchive {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  readonly source: ArchiveSource;
  /** The leaves in order, in chunks. */
  readonly chunks: () => Iterable<Uint8Array>;
  readonly remove: () => void;
}

/** Writes the archive of `largeBatch(count)` as a close does. */
export async function writtenArchive(count: number): Promise<WrittenArchive> {
  const { folder, remove } = benchFolder();
  const batch = await largeBatch(count);
  const archives = archiveFolder(folder);
  const draft = await archives.draft("01");
  const stream = new ArchiveStream(draft);
  for (const leaves of batch.chunks()) await stream.push(leaves);
  const commitment = await stream.finish();
  const { bytes, batchId } = batch.seal(commitment);
  await draft.write(MANIFEST_PATH, bytes);
  await draft.publish(batchId);
  return {
    batchId,
    manifest: batch.manifest(commitment),
    source: archives.reader(batchId),
    chunks: () => batch.chunks(),
    remove,
  };
}
