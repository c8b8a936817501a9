import { compareBytes, equalBytes, fromHex, toHex } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { HashWorkers } from "../../kernel/workers/hashWorkers.ts";
import { BUNDLE_LEAVES, bundleCount, bundleLeaves, bundlePath, MANIFEST_PATH } from "./archiveLayout.ts";
import { checkLeafFault, flatLeafNodes, NODE_BYTES, sumNodeAt } from "../batch/flatNodes.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";
import { keccakStream } from "../keccak.ts";
import { batchIdOf, decodeManifest, type Manifest } from "../batch/manifest.ts";
import type { ArchiveSource } from "./readArchive.ts";
import { SHIPPED_CLASS_LISTS, UNKNOWN_CLASS_LIST } from "../batch/classes/classLists.ts";
import { LeafCheck, leafRules, type LeafRules } from "./leafCheck.ts";
import { TileStream } from "./tileStream.ts";
import { BUNDLE_HEIGHT, GROUP_LEAVES, type ArchiveCommitment } from "./archiveStream.ts";
import { BUNDLE_BYTES } from "./archiveLayout.ts";

/**
 * Recomputes a whole archive, streaming: manifest hash, every leaf, order, link, size, vintage, methodology,
 * provider and class, every bundle and tile, root, total, count and leavesHash. What only confidential data
 * could show is not checked: keys, commitments, record hashes, quantities and the subjectless share. Large
 * archives are hashed by two workers beside the caller; memory stays at some MB.
 * @param classLists the lists of scenario classes that the caller knows
 * @throws CheckFailedError `archive.batch-id`, `archive.length`, `archive.link`, `archive.leaf`,
 * `archive.tile`, `archive.commitment`, `archive.scenario-classes`, InputError `archive.missing`, or as
 * `decodeManifest` and `decodeLeaf`
 */
export async function verifyArchive(
  source: ArchiveSource,
  batchId: BatchId,
  onProgress?: (leaves: number, of: number) => void,
  classLists = SHIPPED_CLASS_LISTS,
): Promise<{ manifest: Manifest; commitment: ArchiveCommitment }> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  if (batchIdOf(manifestBytes) !== batchId)
    throw new CheckFailedError("archive.batch-id", `${MANIFEST_PATH} does not hash to ${batchId}.`);
  const manifest = decodeManifest(manifestBytes);
  const classes = classLists.of(manifest);
  if (classes === null)
    throw new CheckFailedError("archive.scenario-classes", `The batch ${UNKNOWN_CLASS_LIST}.`, {
      remedy: { act: "name-class-list" },
    });
  const workers = await startWorkers(manifest.leafCount < WORKER_LEAVES ? 1 : 2);
  try {
    const commitment = await recompute(source, manifest, leafRules(manifest, classes), workers, onProgress);
    checkCommitment(manifest, commitment);
    return { manifest, commitment };
  } finally {
    await workers.close();
  }
}

/** Below this many leaves workers take longer to start than they save. */
const WORKER_LEAVES = 2 ** 18;
/** Groups that are read and checked before the first of them has been hashed. */
const GROUPS_AHEAD = 4;

/** Where a platform lets us start no workers, the caller's thread does all. */
async function startWorkers(count: number): Promise<HashWorkers> {
  try {
    return await HashWorkers.start(count);
  } catch {
    return HashWorkers.start(1);
  }
}

/**
 * Faults come in the order of the leaves: those of tiles above leaves before a fault are found before it. So
 * groups are hashed in any order and joined in theirs.
 */
async function recompute(
  source: ArchiveSource,
  manifest: Manifest,
  rules: LeafRules,
  workers: HashWorkers,
  onProgress?: (leaves: number, of: number) => void,
): Promise<ArchiveCommitment> {
  const check = new LeafCheck(rules);
  const leavesHash = keccakStream();
  const tiles = new TileStream({ write: (path, bytes) => compareTile(source, path, bytes) });
  const hashed: Promise<Uint8Array>[] = [];
  const join = async (): Promise<void> => {
    const nodes = await (hashed.shift() as Promise<Uint8Array>);
    await tiles.add(nodes);
  };
  const bundles = bundleCount(manifest.leafCount);
  let next = readGroup(source, manifest.leafCount, 0);
  let above: Uint8Array = new Uint8Array();
  for (let bundle = 0; bundle < bundles; bundle += GROUP_BUNDLES) {
    const group = await next;
    next = readGroup(source, manifest.leafCount, bundle + GROUP_BUNDLES);
    let whole = 0;
    try {
      for (; whole < group.lengths.length; whole++) {
        const [from, to] = [whole * BUNDLE_BYTES, whole * BUNDLE_BYTES + (group.lengths[whole] as number)];
        check.push(group.bytes.subarray(from, to));
        onProgress?.(bundle * BUNDLE_LEAVES + to / LEAF_BYTES, manifest.leafCount);
      }
      if (group.fault !== null) throw group.fault.cause;
      if (bundle + GROUP_BUNDLES >= bundles) {
        // The link of the last leaf is judged before what stands above a short last bundle.
        if (group.bytes.length % BUNDLE_BYTES !== 0) whole -= 1;
        check.end();
      }
    } catch (fault) {
      while (hashed.length > 0) await join();
      if (whole > 0)
        await tiles.add(flatLeafNodes(group.bytes.subarray(0, whole * BUNDLE_BYTES), BUNDLE_HEIGHT));
      throw fault;
    }
    const work = hashGroup(workers, group.bytes);
    // Its turn comes later; until then its failure is no unhandled one.
    work.catch(() => {});
    hashed.push(work);
    leavesHash.update(group.bytes);
    if (hashed.length > GROUPS_AHEAD) await join();
    if (manifest.leafCount === 1) above = await work;
  }
  if (manifest.leafCount > 1) {
    while (hashed.length > 0) await join();
    above = await tiles.finish();
  }
  const { hash, size } = sumNodeAt(above, 0);
  return {
    root: hash,
    total: size as Milligrams,
    count: manifest.leafCount,
    leavesHash: leavesHash.digest(),
  };
}

const GROUP_BUNDLES = GROUP_LEAVES / BUNDLE_LEAVES;
/** Bundles one after the other, up to the first that can't be read or has a wrong length. */
interface LeafGroup {
  readonly bytes: Uint8Array;
  readonly lengths: readonly number[];
  readonly fault: { readonly cause: unknown } | null;
}

/** Sixteen bundles, or what is left of them. Never rejects: a fault waits for its turn. */
async function readGroup(source: ArchiveSource, leafCount: number, first: number): Promise<LeafGroup> {
  const bundles = Math.max(0, Math.min(GROUP_BUNDLES, bundleCount(leafCount) - first));
  const read = await Promise.allSettled(
    Array.from({ length: bundles }, (_, i) => readBundle(source, leafCount, first + i)),
  );
  const bytes = new Uint8Array(
    Math.max(0, Math.min(GROUP_LEAVES, leafCount - first * BUNDLE_LEAVES)) * LEAF_BYTES,
  );
  const lengths: number[] = [];
  for (const [i, one] of read.entries()) {
    if (one.status === "rejected") return { bytes, lengths, fault: { cause: one.reason } };
    bytes.set(one.value, i * BUNDLE_BYTES);
    lengths.push(one.value.length);
  }
  return { bytes, lengths, fault: null };
}

async function readBundle(source: ArchiveSource, leafCount: number, bundle: number): Promise<Uint8Array> {
  const length = bundleLeaves(leafCount, bundle) * LEAF_BYTES;
  const bytes = await source.read(bundlePath(bundle), length);
  if (bytes.length === length) return bytes;
  throw new CheckFailedError(
    "archive.length",
    `${bundlePath(bundle)} has ${String(bytes.length)} bytes; by the manifest it has ${String(length)}.`,
  );
}

/** The nodes above the bundles of a group. */
async function hashGroup(workers: HashWorkers, leaves: Uint8Array): Promise<Uint8Array> {
  const nodes = new Uint8Array(Math.ceil(leaves.length / BUNDLE_BYTES) * NODE_BYTES);
  checkLeafFault(await workers.leafNodes(leaves, nodes, BUNDLE_HEIGHT), leaves);
  return nodes;
}

/** What must agree: bundles were just read from the same source. */
async function compareTile(source: ArchiveSource, path: string, bytes: Uint8Array): Promise<void> {
  if (!equalBytes(await source.read(path, bytes.length), bytes)) {
    throw new CheckFailedError(
      "archive.tile",
      `${path} does not hold the nodes that follow from the leaves.`,
    );
  }
}

function checkCommitment(manifest: Manifest, found: ArchiveCommitment): void {
  const wrong = [
    compareBytes(fromHex(manifest.root), found.root) === 0 ? null : `root (leaves give ${toHex(found.root)})`,
    manifest.totalMilligrams === found.total
      ? null
      : `totalMilligrams (leaves give ${found.total.toString()})`,
    manifest.leafCount === found.count ? null : `leafCount (there are ${String(found.count)})`,
    compareBytes(fromHex(manifest.leavesHash), found.leavesHash) === 0
      ? null
      : `leavesHash (leaves give ${toHex(found.leavesHash)})`,
  ].filter((fault) => fault !== null);
  if (wrong.length > 0)
    throw new CheckFailedError(
      "archive.commitment",
      `The manifest does not match its leaves in ${wrong.join(", ")}.`,
    );
}
