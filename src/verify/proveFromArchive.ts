import { CheckFailedError } from "../base/errors/errors.ts";
import { toHex } from "../base/lib/bytes.ts";
import type { ActivityKey } from "../base/types/ids.ts";
import { MANIFEST_PATH } from "../format/archive/archiveLayout.ts";
import { Archive, type ArchiveSource } from "../format/archive/readArchive.ts";
import { batchIdOf, decodeManifest } from "../format/batch/manifest.ts";
import { encodeProofFile } from "../format/proofs/proofFile.ts";

/** A leaf by its index, or by its activity key. */
export type WantedLeaf = { readonly index: number } | { readonly activityKey: ActivityKey };

/**
 * The proof file of one leaf of an archive, out of the manifest, one bundle and ceil(log256 n) tiles; by key,
 * the bundles before it that were guessed wrong, too. It discloses nothing and holds no block.
 * @throws InputError `archive.index`; CheckFailedError `verify.absent` where the batch is proven not to have
 * the key; or as `Archive`
 */
export async function proveFromArchive(source: ArchiveSource, wanted: WantedLeaf): Promise<Uint8Array> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  const manifest = decodeManifest(manifestBytes);
  const batchId = batchIdOf(manifestBytes);
  const archive = new Archive(source, manifest);
  const index = "index" in wanted ? wanted.index : await indexOf(archive, wanted.activityKey);
  const act = await archive.inclusionProof(index);
  return encodeProofFile({
    format: "microtonne-proof/1",
    kind: "act",
    chainId: manifest.chainId,
    parts: [{ batchId, manifest, acts: [act], strikes: [] }],
  });
}

async function indexOf(archive: Archive, activityKey: ActivityKey): Promise<number> {
  const found = await archive.leafOfActivityKey(activityKey);
  if (found !== null) return found.index;
  const { index } = await archive.absenceProof(activityKey);
  throw new CheckFailedError(
    "verify.absent",
    `The batch has no leaf with the activity key ${toHex(activityKey)}: the link of its leaf ` +
      `${String(index)}, which leads to the root, passes over it.`,
  );
}
