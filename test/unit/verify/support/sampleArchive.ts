import { InputError } from "../../../../src/base/errors/errors.ts";
import { ArchiveStream } from "../../../../src/format/archive/archiveStream.ts";
import type { ArchiveSource } from "../../../../src/format/archive/readArchive.ts";
import { encodeManifest } from "../../../../src/format/batch/manifest.ts";
import type { SampleBatch } from "./sampleBatch.ts";

/** The archive of a batch in memory, and the paths that were read. */
export async function sampleArchive({
  manifest,
  leaves,
}: Pick<SampleBatch, "manifest" | "leaves">): Promise<{ source: ArchiveSource; read: string[] }> {
  const files = new Map([["manifest.json", encodeManifest(manifest)]]);
  const stream = new ArchiveStream({ write: (path, bytes) => Promise.resolve(void files.set(path, bytes)) });
  for (const leaf of leaves) await stream.push(leaf);
  await stream.finish();
  const read: string[] = [];
  const source: ArchiveSource = {
    read: (path) => {
      read.push(path);
      const bytes = files.get(path);
      return bytes
        ? Promise.resolve(bytes)
        : Promise.reject(new InputError("archive.missing", `There is no ${path}.`));
    },
  };
  return { source, read };
}
