import { knownBatch } from "../../adapters/storage/batches/knownBatch.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { ActivityKey, BatchId, Hex } from "../../base/types/ids.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";
import { Archive } from "../../format/archive/readArchive.ts";
import type { Context } from "../context.ts";

/**
 * Shows that a batch has no leaf of a key: the inclusion of the leaf that links past it (batch format,
 * "Absence"). Masses are decimal strings.
 */
export interface AbsenceDescription {
  readonly batchId: BatchId;
  readonly index: number;
  readonly leaf: Hex;
  readonly steps: readonly { readonly size: string; readonly hash: Hex }[];
}

/** @throws UsageError `batch.unknown`; CheckFailedError `absence.present` where the batch has the key */
export async function proveAbsence(
  context: Context,
  idOrPrefix: string,
  key: ActivityKey,
): Promise<AbsenceDescription> {
  const batch = await knownBatch(context.db, context.tenant, idOrPrefix);
  const archive = new Archive(context.archive.reader(batch.batchId), decodeManifest(batch.manifest));
  const { index, leaf, steps } = await archive.absenceProof(key);
  return {
    batchId: batch.batchId,
    index,
    leaf: toHex(leaf),
    steps: steps.map(({ size, hash }) => ({ size: size.toString(), hash: toHex(hash) })),
  };
}
