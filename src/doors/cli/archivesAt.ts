import type { Command } from "commander";
import { openArchives } from "../../app/batches/openArchives.ts";
import type { ArchiveOf } from "../../app/proofs/batchArchive.ts";
import { batchFolder } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { HttpArchive } from "../../verify/httpArchive.ts";

/** Where archives of batches stand that other folders made, as an option of a command. */
export interface ArchiveOptions {
  archive?: string[];
}

export function addArchiveOption(command: Command): void {
  command.option(
    "--archive <place>",
    "folder or address of the archive of a batch that another folder made, or of many; may be given again",
    (place, places: string[] | undefined) => [...(places ?? []), place],
  );
}

/**
 * The archives at these places: folders as `openArchives` takes them, or web addresses with the files of one
 * batch's archive or, under their batches' ids, of many.
 * @throws as `openArchives`, `HttpArchive`
 */
export async function archivesAt({ archive: places = [] }: ArchiveOptions): Promise<ArchiveOf> {
  const found: ArchiveOf[] = [];
  for (const place of places)
    found.push(/^https?:\/\//i.test(place) ? archivesOfSite(place) : await archivesInFolder(place));
  return (batchId) => found.flatMap((archivesOf) => archivesOf(batchId));
}

async function archivesInFolder(folder: string): Promise<ArchiveOf> {
  const archiveOf = await openArchives(folder);
  return (batchId) => [archiveOf(batchId)].filter((source): source is ArchiveSource => source !== null);
}

function archivesOfSite(address: string): ArchiveOf {
  const whole = address.replace(/\/+$/, "");
  return (batchId) => [new HttpArchive(whole), new HttpArchive(`${whole}/${batchFolder(batchId)}`)];
}
