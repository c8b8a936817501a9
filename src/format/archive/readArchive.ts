import { compareBytes, fromHex } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { verifyAbsence } from "../proofs/verifyAbsence.ts";
import {
  BUNDLE_LEAVES,
  bundlePath,
  NODE_BYTES,
  nodesOnTileLevel,
  TILE_NODES,
  tilePath,
  topTileLevel,
} from "./archiveLayout.ts";
import { verifyInclusion, type InclusionProof } from "../proofs/inclusionProof.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";
import type { Manifest } from "../batch/manifest.ts";
import { neighbours, verifyRange, type RangeProof } from "../proofs/rangeProof.ts";
import { leafNode, parentLevel, type SumCommitment, type SumNode } from "../batch/sumTree.ts";

/** Files of one batch; paths are relative to the batch's folder. */
export interface ArchiveSource {
  /** @throws InputError `archive.missing` */
  read(path: string): Promise<Uint8Array>;
}

/** A leaf with its place. */
export interface PlacedLeaf {
  readonly index: number;
  /** 179 bytes. */
  readonly leaf: Uint8Array;
}

/** Enough for the walk of one proof after another without reading anything twice. */
const CACHED_FILES = 64;

/** The commitment that a manifest carries. */
export function commitmentOf(
  manifest: Pick<Manifest, "root" | "totalMilligrams" | "leafCount">,
): SumCommitment {
  return { root: fromHex(manifest.root, 32), total: manifest.totalMilligrams, count: manifest.leafCount };
}

/**
 * Leaves and proofs out of an archive, each from the few files that it needs. Proofs are verified against the
 * manifest before they are handed out, so that a damaged archive is noticed here and not by the one who gets
 * the proof. Each method throws InputError `archive.missing`, CheckFailedError `archive.length` for a file of
 * a wrong length, or as the verifiers.
 */
export class Archive {
  readonly commitment: SumCommitment;
  readonly #source: ArchiveSource;
  readonly #files = new Map<string, Uint8Array>();

  constructor(source: ArchiveSource, manifest: Pick<Manifest, "root" | "totalMilligrams" | "leafCount">) {
    this.#source = source;
    this.commitment = commitmentOf(manifest);
  }

  /** The 179 bytes at an index. @throws InputError `archive.index` */
  async leafAt(index: number): Promise<Uint8Array> {
    this.#checkIndex(index);
    const bundle = await this.#bundle(Math.floor(index / BUNDLE_LEAVES));
    const at = (index % BUNDLE_LEAVES) * LEAF_BYTES;
    return bundle.slice(at, at + LEAF_BYTES);
  }

  /** The leaf with an activity key, or null. */
  async leafOfActivityKey(activityKey: Uint8Array): Promise<PlacedLeaf | null> {
    const index = await this.#lastAtOrBelow(activityKey);
    if (index < 0) return null;
    const leaf = await this.leafAt(index);
    return compareBytes(leaf.subarray(1, 33), activityKey) === 0 ? { index, leaf } : null;
  }

  /** The leaf that holds milligram `position` of the batch. @throws InputError `archive.position` */
  async leafAtPosition(position: bigint): Promise<PlacedLeaf & { readonly start: bigint }> {
    if (position < 0n || position >= this.commitment.total) {
      throw new InputError(
        "archive.position",
        `The batch has no milligram ${position.toString()}, only ${this.commitment.total.toString()}.`,
      );
    }
    let group = 0;
    let start = 0n;
    for (let level = topTileLevel(this.commitment.count); level >= 1; level--) {
      const found = nodeAt(await this.#nodes(level, group), start, position);
      group = group * TILE_NODES + found.offset;
      start = found.start;
    }
    const found = nodeAt(await this.#nodes(0, group), start, position);
    const index = group * BUNDLE_LEAVES + found.offset;
    return { index, leaf: await this.leafAt(index), start: found.start };
  }

  async inclusionProof(index: number): Promise<InclusionProof> {
    const leaf = await this.leafAt(index);
    const proof = { index, leaf, steps: await this.#steps(index, index) };
    verifyInclusion(this.commitment, proof);
    return proof;
  }

  /** Of leaves `first` to `last`, both inclusive. */
  async rangeProof(first: number, last: number): Promise<RangeProof> {
    this.#checkIndex(first);
    this.#checkIndex(last);
    if (first > last)
      throw new InputError(
        "archive.index",
        `A range from leaf ${String(first)} to leaf ${String(last)} is empty.`,
      );
    const leaves: Uint8Array[] = [];
    for (let index = first; index <= last; index++) leaves.push(await this.leafAt(index));
    const proof = { first, leaves, steps: await this.#steps(first, last) };
    verifyRange(this.commitment, proof);
    return proof;
  }

  /** Shows that no leaf has the activity key. @throws CheckFailedError `absence.present` where one has it */
  async absenceProof(activityKey: Uint8Array): Promise<InclusionProof> {
    const proof = await this.inclusionProof(Math.max(0, await this.#lastAtOrBelow(activityKey)));
    verifyAbsence(this.commitment, activityKey, proof);
    return proof;
  }

  /** Index of the last leaf whose key is at or below `activityKey`, -1 where all are above. */
  async #lastAtOrBelow(activityKey: Uint8Array): Promise<number> {
    let low = -1;
    let high = this.commitment.count - 1;
    while (low < high) {
      const middle = Math.floor((low + high + 1) / 2);
      const leaf = await this.leafAt(middle);
      if (compareBytes(leaf.subarray(1, 33), activityKey) <= 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Neighbours of leaves [first, last] on every level, left before right. */
  async #steps(first: number, last: number): Promise<SumNode[]> {
    const steps: SumNode[] = [];
    let [low, high, width] = [first, last, this.commitment.count];
    for (let level = 0; width > 1; level++) {
      const { left, right } = neighbours(low, high, width);
      if (left) steps.push(await this.#nodeOf(level, low - 1));
      if (right) steps.push(await this.#nodeOf(level, high + 1));
      [low, high, width] = [Math.floor(low / 2), Math.floor(high / 2), Math.ceil(width / 2)];
    }
    return steps;
  }

  /** Any node of the tree, made from the bundle or tile below it. */
  async #nodeOf(level: number, index: number): Promise<SumNode> {
    const tileLevel = Math.floor(level / 8);
    const spread = 2 ** (level % 8);
    const group = Math.floor((index * spread) / TILE_NODES);
    const from = index * spread - group * TILE_NODES;
    let nodes = await this.#nodes(tileLevel, group, from, from + spread);
    while (nodes.length > 1) nodes = parentLevel(nodes);
    return nodes[0] as SumNode;
  }

  /** Nodes `from` to `to` (exclusive) of bundle `group` (tile level 0) or of a tile. */
  async #nodes(tileLevel: number, group: number, from = 0, to = TILE_NODES): Promise<SumNode[]> {
    if (tileLevel === 0) return chunks(await this.#bundle(group), LEAF_BYTES, from, to).map(leafNode);
    const nodes = Math.min(
      TILE_NODES,
      nodesOnTileLevel(this.commitment.count, tileLevel) - group * TILE_NODES,
    );
    const bytes = await this.#file(tilePath(tileLevel, group), nodes * NODE_BYTES);
    return chunks(bytes, NODE_BYTES, from, to).map((node) => ({
      size: new DataView(node.buffer, node.byteOffset).getBigUint64(0),
      hash: node.slice(8),
    }));
  }

  async #bundle(bundle: number): Promise<Uint8Array> {
    const leaves = Math.min(BUNDLE_LEAVES, this.commitment.count - bundle * BUNDLE_LEAVES);
    return this.#file(bundlePath(bundle), leaves * LEAF_BYTES);
  }

  async #file(path: string, length: number): Promise<Uint8Array> {
    let bytes = this.#files.get(path);
    if (bytes === undefined) {
      bytes = await this.#source.read(path);
      if (bytes.length !== length) {
        throw new CheckFailedError(
          "archive.length",
          `${path} has ${String(bytes.length)} bytes; by the manifest it has ${String(length)}.`,
        );
      }
      const [oldest] = this.#files.keys();
      if (this.#files.size >= CACHED_FILES && oldest !== undefined) this.#files.delete(oldest);
      this.#files.set(path, bytes);
    }
    return bytes;
  }

  #checkIndex(index: number): void {
    if (!Number.isSafeInteger(index) || index < 0 || index >= this.commitment.count) {
      throw new InputError(
        "archive.index",
        `The batch has no leaf ${String(index)}, only ${String(this.commitment.count)}.`,
      );
    }
  }
}

function chunks(bytes: Uint8Array, length: number, from: number, to: number): Uint8Array[] {
  const end = Math.min(to, bytes.length / length);
  return Array.from({ length: end - from }, (_, i) =>
    bytes.subarray((from + i) * length, (from + i + 1) * length),
  );
}

/**
 * The node that holds a position, where the first one begins at `start`. @throws CheckFailedError
 * `archive.sizes`
 */
function nodeAt(
  nodes: readonly SumNode[],
  start: bigint,
  position: bigint,
): { offset: number; start: bigint } {
  let begin = start;
  for (const [offset, { size }] of nodes.entries()) {
    if (position < begin + size) return { offset, start: begin };
    begin += size;
  }
  throw new CheckFailedError(
    "archive.sizes",
    `The sizes stored in the archive end below milligram ${position.toString()}.`,
  );
}
