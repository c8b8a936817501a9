import { CheckFailedError } from "../base/errors/errors.ts";
import { toHex } from "../base/lib/bytes.ts";
import type { ActivityKey, BatchId } from "../base/types/ids.ts";
import { MANIFEST_PATH } from "../format/archive/archiveLayout.ts";
import { Archive, type ArchiveSource } from "../format/archive/readArchive.ts";
import { SHIPPED_CLASS_LISTS } from "../format/batch/classes/classLists.ts";
import { batchIdOf, decodeManifest } from "../format/batch/manifest.ts";
import type { InclusionProof } from "../format/proofs/inclusionProof.ts";
import { encodeProofFile } from "../format/proofs/proofFile.ts";
import type { Trust } from "./trust.ts";
import { verifyProof } from "./verifyProof.ts";

/** A leaf by its index, or by its activity key. */
export type WantedLeaf = { readonly index: number } | { readonly activityKey: ActivityKey };

/**
 * The proof file of one leaf of an archive, out of the manifest, one bundle and ceil(log256 n) tiles; by key,
 * the bundles before it that were guessed wrong, too. It discloses nothing and holds no block.
 * @param trust what the batch is held against before it is said that it has no such key
 * @throws InputError `archive.index`; CheckFailedError `verify.absent` where the batch is proven not to have
 * the key; or as `Archive`, and for an absent key as `verifyProof`
 */
export async function proveFromArchive(
  source: ArchiveSource,
  wanted: WantedLeaf,
  trust: Trust | null = null,
  classLists = SHIPPED_CLASS_LISTS,
): Promise<Uint8Array> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  const manifest = decodeManifest(manifestBytes);
  const batchId = batchIdOf(manifestBytes);
  const archive = new Archive(source, manifest);
  const fileOf = (act: InclusionProof): Uint8Array =>
    encodeProofFile({
      format: "microtonne-proof/1",
      kind: "act",
      chainId: manifest.chainId,
      parts: [{ batchId, manifest, acts: [act], strikes: [] }],
    });
  if ("index" in wanted) return fileOf(await archive.inclusionProof(wanted.index));
  const { activityKey } = wanted;
  const found = await archive.leafOfActivityKey(activityKey);
  if (found !== null) return fileOf(await archive.inclusionProof(found.index));
  const beside = await archive.absenceProof(activityKey);
  // Of another batch than the reader's, it would say nothing that there is no such key.
  await verifyProof(fileOf(beside), trust, null, null, classLists);
  throw absent(batchId, activityKey, beside.index, trust);
}

function absent(
  batchId: BatchId,
  activityKey: ActivityKey,
  index: number,
  trust: Trust | null,
): CheckFailedError {
  const held =
    trust === null
      ? "Whether this is the batch that you mean was not checked: name it, or a deployment."
      : `The batch was held against what you trust (${trust.mode}).`;
  return new CheckFailedError(
    "verify.absent",
    `Batch ${batchId} has no leaf with the activity key ${toHex(activityKey)}: the link of its leaf ` +
      `${String(index)}, which leads to the root, passes over it. ${held}`,
  );
}
