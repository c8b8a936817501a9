import type { ArchiveFolder } from "../../adapters/archive/archiveFolder.ts";
import { compareBytes, toHex } from "../../base/lib/bytes.ts";
import type { BatchId } from "../../base/types/ids.ts";
import { bundleCount, bundleLeaves, bundlePath, MANIFEST_PATH } from "../../format/archive/archiveLayout.ts";
import type { ArchiveSource } from "../../format/archive/readArchive.ts";
import { LEAF_AT, LEAF_BYTES } from "../../format/batch/leaf.ts";
import { decodeManifest, type Manifest } from "../../format/batch/manifest.ts";
import { attestRefusal } from "../../stages/attest/attestRefusal.ts";
import { YearCheck } from "../../stages/attest/yearCheck.ts";

/**
 * Refuses a batch that shares an activity key with an earlier one, or that together with the earlier ones of
 * its operator goes beyond a cap of its methodologies on everybody's year. Leaves are sorted by key, so each
 * pair is one walk over two files; where such a cap counts, it goes to their ends.
 * @throws CheckFailedError `attest.known-key` that names the key and the earlier batch, or `attest.cap`
 */
export async function refuseBesideKept(
  archives: ArchiveFolder,
  batchId: BatchId,
  earlier: readonly BatchId[],
): Promise<void> {
  const own = await keptBatch(archives, batchId);
  const others: KeptBatch[] = [];
  for (const other of earlier) if (other !== batchId) others.push(await keptBatch(archives, other));
  const ofOperator = others.filter(({ manifest }) => manifest.operator === own.manifest.operator);
  const year = new YearCheck(
    own.manifest,
    ofOperator.map(({ manifest }) => manifest),
  );
  let isOwnCounted = false;
  for (const other of others) {
    const counts = ofOperator.includes(other) && year.concerns(other.manifest);
    const shared = await firstShared(
      new LeafWalk(own, counts && !isOwnCounted ? year : null),
      new LeafWalk(other, counts ? year : null),
    );
    if (shared)
      throw attestRefusal(
        "known-key",
        `the activity key ${toHex(shared)} is in the live batch ${other.batchId} already`,
      );
    isOwnCounted ||= counts;
  }
  const fault = year.fault();
  if (fault !== null)
    throw attestRefusal("cap", `with the live batches of its operator that are kept here ${fault}`);
}

interface KeptBatch {
  readonly batchId: BatchId;
  readonly manifest: Manifest;
  readonly archive: ArchiveSource;
}

async function keptBatch(archives: ArchiveFolder, batchId: BatchId): Promise<KeptBatch> {
  const archive = archives.reader(batchId);
  return { batchId, archive, manifest: decodeManifest(await archive.read(MANIFEST_PATH)) };
}

async function firstShared(left: LeafWalk, right: LeafWalk): Promise<Uint8Array | null> {
  let [a, b] = [await left.next(), await right.next()];
  while (a !== null && b !== null) {
    const order = compareBytes(a, b);
    if (order === 0) return a;
    if (order < 0) a = await left.next();
    else b = await right.next();
  }
  await left.end();
  await right.end();
  return null;
}

/** The keys of a batch in their order; of its leaves, those that were passed are counted where they count. */
class LeafWalk {
  readonly #year: YearCheck | null;
  readonly #leaves: AsyncIterator<Uint8Array, void>;

  constructor(batch: KeptBatch, year: YearCheck | null) {
    this.#year = year;
    this.#leaves = leavesOf(batch);
  }

  async next(): Promise<Uint8Array | null> {
    const leaf = await this.#leaves.next();
    if (leaf.done === true) return null;
    this.#year?.add(leaf.value);
    return leaf.value.subarray(LEAF_AT.activityKey, LEAF_AT.nextActivityKey);
  }

  /** Goes on to the last leaf where they count. */
  async end(): Promise<void> {
    if (this.#year !== null) while ((await this.next()) !== null);
  }
}

async function* leavesOf({ archive, manifest: { leafCount } }: KeptBatch): AsyncGenerator<Uint8Array, void> {
  for (let bundle = 0; bundle < bundleCount(leafCount); bundle++) {
    const count = bundleLeaves(leafCount, bundle);
    const leaves = await archive.read(bundlePath(bundle), count * LEAF_BYTES);
    for (let at = 0; at < leaves.length; at += LEAF_BYTES) yield leaves.subarray(at, at + LEAF_BYTES);
  }
}
