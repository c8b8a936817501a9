import { compareBytes, equalBytes, fromHex, toHex } from "../../../../../src/base/lib/bytes.ts";
import { CheckFailedError } from "../../../../../src/base/errors/errors.ts";
import type { BatchId } from "../../../../../src/base/types/ids.ts";
import {
  BUNDLE_LEAVES,
  bundleCount,
  bundlePath,
  MANIFEST_PATH,
} from "../../../../../src/format/archive/archiveLayout.ts";
import { decodeLeaf, LEAF_BYTES, type Leaf } from "../../../../../src/format/batch/leaf.ts";
import { leafFault, leafRules, type LeafRules } from "../../../../../src/format/archive/leafCheck.ts";
import { linkFault } from "../../../../../src/format/batch/linkFault.ts";
import { batchIdOf, decodeManifest, type Manifest } from "../../../../../src/format/batch/manifest.ts";
import type { ArchiveSource } from "../../../../../src/format/archive/readArchive.ts";
import {
  SHIPPED_CLASS_LISTS,
  UNKNOWN_CLASS_LIST,
} from "../../../../../src/format/batch/classes/classLists.ts";
import type { ArchiveCommitment } from "../../../../../src/format/archive/archiveStream.ts";
import { ReferenceStream } from "./referenceStream.ts";

/** The check of a whole archive, one leaf after the other: the model that the fast one is held against. */
export async function referenceVerify(
  source: ArchiveSource,
  batchId: BatchId,
  onProgress?: (leaves: number, of: number) => void,
): Promise<{ manifest: Manifest; commitment: ArchiveCommitment }> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  if (batchIdOf(manifestBytes) !== batchId)
    throw new CheckFailedError("archive.batch-id", `${MANIFEST_PATH} does not hash to ${batchId}.`);
  const manifest = decodeManifest(manifestBytes);
  const classes = SHIPPED_CLASS_LISTS.of(manifest);
  if (classes === null)
    throw new CheckFailedError("archive.scenario-classes", `The batch ${UNKNOWN_CLASS_LIST}.`);
  const rules = leafRules(manifest, classes);
  const tiles = new ReferenceStream({ write: (path, bytes) => compareFile(source, path, bytes) });
  let waiting: Leaf | null = null;
  let index = 0;
  for (let bundle = 0; bundle < bundleCount(manifest.leafCount); bundle++) {
    const bytes = await source.read(bundlePath(bundle));
    const leaves = Math.min(BUNDLE_LEAVES, manifest.leafCount - index);
    if (bytes.length !== leaves * LEAF_BYTES) {
      const wanted = String(leaves * LEAF_BYTES);
      throw new CheckFailedError(
        "archive.length",
        `${bundlePath(bundle)} has ${String(bytes.length)} bytes; by the manifest it has ${wanted}.`,
      );
    }
    for (let at = 0; at < bytes.length; at += LEAF_BYTES, index++) {
      const leafBytes = bytes.slice(at, at + LEAF_BYTES);
      const leaf = decodeLeaf(leafBytes);
      checkLeaf(rules, leaf, index);
      if (waiting !== null) checkLink(waiting, leaf, index - 1);
      waiting = leaf;
      await tiles.push(leafBytes);
    }
    onProgress?.(index, manifest.leafCount);
  }
  checkLink(waiting as Leaf, null, index - 1);
  const commitment = await tiles.finish();
  checkCommitment(manifest, commitment);
  return { manifest, commitment };
}

function checkLeaf(rules: LeafRules, leaf: Leaf, index: number): void {
  const fault = leafFault(rules, leaf);
  if (fault !== null) throw new CheckFailedError("archive.leaf", `Leaf ${String(index)} ${fault}.`);
}

function checkLink(leaf: Leaf, next: Leaf | null, index: number): void {
  const fault = linkFault(leaf, next);
  if (fault !== null)
    throw new CheckFailedError("archive.link", `Leaf ${String(index)} breaks the chain of links (${fault}).`);
}

/** Bundles were just read from the same source; tiles are what must agree. */
async function compareFile(source: ArchiveSource, path: string, bytes: Uint8Array): Promise<void> {
  if (path.startsWith("tiles/") && !equalBytes(await source.read(path), bytes)) {
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
