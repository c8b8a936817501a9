import { listBatchManifests, type StoredBatch } from "../../adapters/storage/batches/batches.ts";
import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { dayText } from "../../base/lib/time/calendar.ts";
import { formatTonnes } from "../../base/lib/mass.ts";
import type { BatchId, Hex, RegionCode } from "../../base/types/ids.ts";
import { manifestTerms, type ManifestTerms } from "../../format/batch/manifestTerms.ts";
import { decodeManifest, type Manifest2 } from "../../format/batch/manifest.ts";
import type { BatchState, BatchSummary } from "../../stages/pool/ports.ts";
import type { Context } from "../context.ts";

/**
 * A batch for people and programs: masses as decimal strings of whole milligrams (tonnes where the name says
 * so), days as YYYY-MM-DD, both inclusive.
 */
export interface BatchDescription {
  readonly batchId: BatchId;
  readonly state: BatchState;
  readonly region: RegionCode;
  /** Format of its manifest. */
  readonly format: string;
  readonly terms: ManifestTerms & {
    /** Who gets which files of the archive; null as the other terms of a batch of the first format. */
    readonly audience: Manifest2["audience"] | null;
  };
  readonly firstDay: string;
  readonly lastDay: string;
  readonly leafCount: number;
  readonly totalMilligrams: string;
  readonly totalTonnes: string;
  readonly bufferMilligrams: string;
  readonly mintedMilligrams: string;
  readonly retiredMilligrams: string;
  readonly root: Hex;
  /** Folder of the archive. */
  readonly archive: string;
}

/** All batches of the operator, oldest first. */
export async function describeBatches(context: Context): Promise<BatchDescription[]> {
  return (await listBatchManifests(context.db, context.tenant)).map((batch) => describe(context, batch));
}

/** One batch by its id or the first digits of it. @throws UsageError `batch.unknown`, `batch.ambiguous` */
export async function describeBatch(context: Context, idOrPrefix: string): Promise<BatchDescription> {
  const batch = await knownBatch(context.db, context.tenant, idOrPrefix);
  return describe(context, batch);
}

function describe(context: Context, batch: BatchSummary & Pick<StoredBatch, "manifest">): BatchDescription {
  const manifest = decodeManifest(batch.manifest);
  return {
    batchId: batch.batchId,
    state: batch.state,
    region: batch.region,
    format: manifest.format,
    terms: { ...manifestTerms(manifest), audience: "audience" in manifest ? manifest.audience : null },
    firstDay: dayText(batch.startDay),
    lastDay: dayText(batch.endDay),
    leafCount: batch.leafCount,
    totalMilligrams: batch.totalMilligrams.toString(),
    totalTonnes: formatTonnes(batch.totalMilligrams),
    bufferMilligrams: batch.bufferMilligrams.toString(),
    mintedMilligrams: batch.mintedMilligrams.toString(),
    retiredMilligrams: batch.retiredMilligrams.toString(),
    root: toHex(batch.root),
    archive: context.archive.pathOf(batch.batchId),
  };
}
