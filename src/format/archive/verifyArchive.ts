import { compareBytes, equalBytes, fromHex, toHex } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { BatchId, MethodologyId } from "../../base/types/ids.ts";
import type { Day } from "../../base/types/quantities.ts";
import { BUNDLE_LEAVES, bundleCount, bundlePath, MANIFEST_PATH } from "./archiveLayout.ts";
import { decodeLeaf, LEAF_BYTES, type Leaf } from "../batch/leaf.ts";
import { linkFault } from "../batch/linkFault.ts";
import { batchIdOf, decodeManifest, type Manifest } from "../batch/manifest.ts";
import { methodologyIdOf, validityDays } from "../batch/methodology.ts";
import type { ArchiveSource } from "./readArchive.ts";
import { scenarioClass, scenarioClassListHash } from "../batch/scenarioClasses.ts";
import { ArchiveStream, type ArchiveCommitment } from "./archiveStream.ts";

/**
 * Recomputes a whole archive, streaming: manifest hash, every leaf, order, link, size, vintage, methodology,
 * provider and class, every bundle and tile, root, total, count and leavesHash. What only confidential data
 * could show is not checked: keys, commitments, record hashes, quantities and the subjectless share.
 * @throws CheckFailedError `archive.batch-id`, `archive.length`, `archive.link`, `archive.leaf`,
 * `archive.tile`, `archive.commitment`, `archive.scenario-classes`, InputError `archive.missing`, or as
 * `decodeManifest` and `decodeLeaf`
 */
export async function verifyArchive(
  source: ArchiveSource,
  batchId: BatchId,
  onProgress?: (leaves: number, of: number) => void,
): Promise<{ manifest: Manifest; commitment: ArchiveCommitment }> {
  const manifestBytes = await source.read(MANIFEST_PATH);
  if (batchIdOf(manifestBytes) !== batchId)
    throw new CheckFailedError("archive.batch-id", `${MANIFEST_PATH} does not hash to ${batchId}.`);
  const manifest = decodeManifest(manifestBytes);
  if (manifest.schemas.scenarioClasses !== scenarioClassListHash()) {
    throw new CheckFailedError(
      "archive.scenario-classes",
      "The batch was made with a list of scenario classes that this version does not have.",
    );
  }
  const rules = leafRules(manifest);
  const tiles = new ArchiveStream({ write: (path, bytes) => compareFile(source, path, bytes) });
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

/** What a manifest demands of each of its leaves. */
export interface LeafRules {
  readonly startDay: Day;
  readonly endDay: Day;
  readonly providers: number;
  readonly methodologies: ReadonlyMap<MethodologyId, { first: Day; last: Day; scenarioClass: number }>;
}

export function leafRules({ vintage, providers, methodologies }: Manifest): LeafRules {
  return {
    startDay: vintage.startDay,
    endDay: vintage.endDay,
    providers: providers.length,
    methodologies: new Map(
      methodologies.map((methodology) => [
        methodologyIdOf(methodology),
        { ...validityDays(methodology), scenarioClass: scenarioClass(methodology.scenario).code },
      ]),
    ),
  };
}

function checkLeaf(rules: LeafRules, leaf: Leaf, index: number): void {
  const fault = leafFault(rules, leaf);
  if (fault !== null) throw new CheckFailedError("archive.leaf", `Leaf ${String(index)} ${fault}.`);
}

/**
 * How a leaf breaks the rules of its manifest, worded to follow the leaf's name, or null. Links are judged by
 * `linkFault`.
 */
export function leafFault(rules: LeafRules, leaf: Leaf): string | null {
  if (leaf.day < rules.startDay || leaf.day > rules.endDay) return "has a day outside the vintage";
  if (leaf.providerIndex >= rules.providers) return "names a provider that the manifest does not have";
  const methodology = rules.methodologies.get(leaf.methodologyId);
  if (methodology === undefined) return "was counted by a methodology that the manifest does not have";
  if (leaf.day < methodology.first || leaf.day > methodology.last)
    return "has a day on which its methodology is not valid";
  if (leaf.scenarioClass !== methodology.scenarioClass)
    return "has another scenario class than its methodology";
  return null;
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
