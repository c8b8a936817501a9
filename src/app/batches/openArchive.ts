import { folderReader } from "../../adapters/archive/folder.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";

/** The archive in any folder that holds one batch, ours or somebody else's. */
export function openArchive(folder: string): ArchiveSource {
  return folderReader(folder);
}
