import { findBatch } from "../../adapters/storage/batches/batches.ts";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import { MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import { Archive, type ArchiveSource } from "../../format/archive/readArchive.ts";
import { batchIdOf, decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import type { Context } from "../context.ts";

/** Archives that may be those of a batch that another folder made, to be asked one after the other. */
export type ArchiveOf = (batchId: BatchId) => readonly ArchiveSource[];
/** No archives but those of the data folder. */
export const NO_ARCHIVES: ArchiveOf = () => [];

/** How a retirement is proven. */
export interface ProveOptions {
  /** List every leaf, however many there are. */
  readonly allLeaves?: boolean;
  /** Archives of batches that other folders made. */
  readonly archives?: ArchiveOf;
}

/** What is looked at of a data folder; null where there is none. */
export type OwnBatches = Pick<Context, "db" | "tenant" | "archive"> | null;

/** A batch's archive, and the manifest that its batch id stands for. */
export interface BatchArchive {
  readonly manifest: Manifest;
  readonly archive: Archive;
}

/**
 * The archive of a batch: of the data folder where it made the batch, else one of those that were named. A
 * named one is trusted in nothing: its manifest must be the one behind the batch id, and what is read of it
 * leads to the manifest's root.
 * @throws UsageError `prove.archive` where it is not at hand
 */
export async function batchArchive(
  own: OwnBatches,
  batchId: BatchId,
  archives: ArchiveOf,
): Promise<BatchArchive> {
  const found = await find(own, batchId, archives);
  if (found === null) throw missing(batchId);
  const manifest = decodeManifest(found.manifest);
  return { manifest, archive: new Archive(found.source, manifest) };
}

/** `batchArchive` as something to be asked for one batch after the other, the archive alone. */
export function archiveFrom(own: OwnBatches, archives: ArchiveOf): (batchId: BatchId) => Promise<Archive> {
  return async (batchId) => (await batchArchive(own, batchId, archives)).archive;
}

/** As `batchArchive`, the manifest alone. */
export async function batchManifest(
  own: OwnBatches,
  batchId: BatchId,
  archives: ArchiveOf,
): Promise<Manifest> {
  return (await batchArchive(own, batchId, archives)).manifest;
}

/** Whether the archives of all batches that a retirement takes from are at hand. */
export async function hasArchives(
  own: OwnBatches,
  { lines }: Pick<Retirement, "lines">,
  archives: ArchiveOf,
): Promise<boolean> {
  for (const { batchId } of lines) if ((await find(own, batchId, archives)) === null) return false;
  return true;
}

async function find(
  own: OwnBatches,
  batchId: BatchId,
  archives: ArchiveOf,
): Promise<{ manifest: Uint8Array; source: ArchiveSource } | null> {
  const made = own && (await findBatch(own.db, own.tenant, batchId));
  if (own && made) return { manifest: made.manifest, source: own.archive.reader(batchId) };
  for (const source of archives(batchId)) {
    const manifest = await source.read(MANIFEST_PATH).catch((error: unknown) => {
      if (error instanceof InputError && error.code === "archive.missing") return null;
      throw error;
    });
    if (manifest !== null && batchIdOf(manifest) === batchId) return { manifest, source };
  }
  return null;
}

function missing(batchId: BatchId): UsageError {
  return new UsageError(
    "prove.archive",
    `Batch ${batchId} was made elsewhere, and no archive of it is at hand. Its operator has one.`,
    { remedy: { act: "name-archive" } },
  );
}
