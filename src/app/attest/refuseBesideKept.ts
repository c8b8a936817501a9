import type { ArchiveFolder } from "../../adapters/archive/archiveFolder.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { compareBytes, toHex } from "../../base/lib/bytes.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { BUNDLE_LEAVES, bundleCount, bundlePath, MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import { LEAF_BYTES } from "../../format/batch/leaf.ts";
import { decodeManifest } from "../../format/batch/manifest.ts";

/**
 * Refuses a batch that shares an activity key with an earlier one. Leaves are sorted by key, so each pair is
 * one walk over two files.
 * @throws CheckFailedError `attest.known-key` that names the key and the earlier batch
 */
export async function refuseBesideKept(
  archives: ArchiveFolder,
  batchId: BatchId,
  earlier: readonly BatchId[],
): Promise<void> {
  for (const other of earlier) {
    if (other === batchId) continue;
    const shared = await firstShared(keysOf(archives.reader(batchId)), keysOf(archives.reader(other)));
    if (shared) {
      throw new CheckFailedError(
        "attest.known-key",
        `The batch is not attested: the activity key ${toHex(shared)} is in the live batch ${other} already.`,
      );
    }
  }
}

async function firstShared(
  left: AsyncIterator<Uint8Array>,
  right: AsyncIterator<Uint8Array>,
): Promise<Uint8Array | null> {
  let [a, b] = [await left.next(), await right.next()];
  while (a.done !== true && b.done !== true) {
    const order = compareBytes(a.value, b.value);
    if (order === 0) return a.value;
    if (order < 0) a = await left.next();
    else b = await right.next();
  }
  return null;
}

async function* keysOf(archive: ArchiveSource): AsyncGenerator<Uint8Array, void> {
  const { leafCount } = decodeManifest(await archive.read(MANIFEST_PATH));
  for (let bundle = 0; bundle < bundleCount(leafCount); bundle++) {
    const count = Math.min(BUNDLE_LEAVES, leafCount - bundle * BUNDLE_LEAVES);
    const leaves = await archive.read(bundlePath(bundle), count * LEAF_BYTES);
    for (let at = 0; at < leaves.length; at += LEAF_BYTES) yield leaves.subarray(at + 1, at + 33);
  }
}
