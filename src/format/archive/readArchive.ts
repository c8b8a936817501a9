import { compareBytes, fromHex } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { verifyAbsence } from "../proofs/verifyAbsence.ts";
import {
  BUNDLE_LEAVES,
  bundleCount,
  bundleLeaves,
  bundlePath,
  nodesOnTileLevel,
  TILE_NODES,
  tilePath,
  topTileLevel,
} from "./archiveLayout.ts";
import { verifyInclusion, type InclusionProof } from "../proofs/inclusionProof.ts";
import { flatLeafNodes, flatParentNodes, NODE_BYTES, nodeSize, sumNodeAt } from "../batch/flatNodes.ts";
import { LEAF_AT, LEAF_BYTES, leafSize } from "../batch/leaf.ts";
import type { Manifest } from "../batch/manifest.ts";
import { neighbours, verifyRange, type RangeProof } from "../proofs/rangeProof.ts";
import type { SpanProof } from "../proofs/openSpans.ts";
import type { SumCommitment, SumNode } from "../batch/sumTree.ts";

/** Files of one batch; paths are relative to the batch's folder. */
export interface ArchiveSource {
  /**
   * A whole file. `length` is what it must have, where that is known: a source may refuse to read
   * more. @throws InputError `archive.missing`
   */
  read(path: string, length?: number): Promise<Uint8Array>;
}

/** A leaf with its place. */
export interface PlacedLeaf {
  readonly index: number;
  /** 179 bytes. */
  readonly leaf: Uint8Array;
}

/** Enough for the walk of one proof after another without reading anything twice. */
const CACHED_FILES = 64;
/** Bundles that are guessed before halving: keys that are not spread evenly cost some reads more. */
const MAX_GUESSES = 4;

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

  /**
   * Leaves `first` to `last`, both inclusive, a bundle's at a time: 179 bytes each, to be read only. @throws
   * InputError `archive.index`
   */
  async *leavesBetween(first: number, last: number): AsyncGenerator<Uint8Array, void> {
    this.#checkSpan(first, last);
    for (let index = first; index <= last;) {
      const bundle = Math.floor(index / BUNDLE_LEAVES);
      const begin = bundle * BUNDLE_LEAVES;
      const end = Math.min(last + 1, begin + BUNDLE_LEAVES);
      const bytes = await this.#bundle(bundle);
      yield bytes.subarray((index - begin) * LEAF_BYTES, (end - begin) * LEAF_BYTES);
      index = end;
    }
  }

  /** The leaf with an activity key, or null. */
  async leafOfActivityKey(activityKey: Uint8Array): Promise<PlacedLeaf | null> {
    const index = await this.#lastAtOrBelow(activityKey);
    if (index < 0) return null;
    const leaf = await this.leafAt(index);
    return compareBytes(activityKeyOf(leaf), activityKey) === 0 ? { index, leaf } : null;
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
      const tile = await this.#tile(level, group);
      const sizes = Array.from({ length: tile.length / NODE_BYTES }, (_, i) => nodeSize(tile, i));
      const found = nodeAt(sizes, start, position);
      group = group * TILE_NODES + found.offset;
      start = found.start;
    }
    const bundle = await this.#bundle(group);
    const leaves = Array.from({ length: bundle.length / LEAF_BYTES }, (_, i) => leafSize(leafIn(bundle, i)));
    const found = nodeAt(leaves, start, position);
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
    const leaves: Uint8Array[] = [];
    for await (const some of this.leavesBetween(first, last))
      for (let i = 0; i < some.length / LEAF_BYTES; i++) leaves.push(leafIn(some, i));
    const proof = { first, leaves, steps: await this.#steps(first, last) };
    verifyRange(this.commitment, proof);
    return proof;
  }

  /** The ends of leaves `first` to `last`, both inclusive. @throws InputError `archive.index` */
  async spanProof(first: number, last: number): Promise<SpanProof> {
    this.#checkSpan(first, last);
    const begin = await this.inclusionProof(first);
    return first === last ? { first: begin } : { first: begin, last: await this.inclusionProof(last) };
  }

  /** Shows that no leaf has the activity key. @throws CheckFailedError `absence.present` where one has it */
  async absenceProof(activityKey: Uint8Array): Promise<InclusionProof> {
    const proof = await this.inclusionProof(Math.max(0, await this.#lastAtOrBelow(activityKey)));
    verifyAbsence(this.commitment, activityKey, proof);
    return proof;
  }

  /**
   * Index of the last leaf whose key is at or below `key`, -1 where all are above. Keys are spread evenly, so
   * the bundle is guessed from the key; where the guesses don't get there, halving does.
   */
  async #lastAtOrBelow(key: Uint8Array): Promise<number> {
    const wanted = fractionOf(key);
    // Keys of all bundles before `low` are at or below, of all after `high` above.
    let [low, high] = [0, bundleCount(this.commitment.count) - 1];
    let [lowIndex, highIndex] = [0, this.commitment.count];
    let [lowKey, highKey] = [0, 1];
    for (let guesses = 0; low <= high; guesses++) {
      const share = (wanted - lowKey) / (highKey - lowKey);
      const guess = Math.floor((lowIndex + share * (highIndex - lowIndex)) / BUNDLE_LEAVES);
      const halved = guesses >= MAX_GUESSES || Number.isNaN(guess);
      const bundle = halved ? Math.floor((low + high) / 2) : Math.min(high, Math.max(low, guess));
      const leaves = await this.#bundle(bundle);
      const last = leaves.length / LEAF_BYTES - 1;
      if (compareBytes(keyIn(leaves, 0), key) > 0) {
        high = bundle - 1;
        [highIndex, highKey] = [bundle * BUNDLE_LEAVES, fractionOf(keyIn(leaves, 0))];
      } else if (compareBytes(keyIn(leaves, last), key) > 0) {
        return bundle * BUNDLE_LEAVES + lastIn(leaves, key);
      } else {
        low = bundle + 1;
        [lowIndex, lowKey] = [bundle * BUNDLE_LEAVES + last, fractionOf(keyIn(leaves, last))];
      }
    }
    return Math.min(this.commitment.count, low * BUNDLE_LEAVES) - 1;
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
    const height = level % 8;
    const spread = 2 ** height;
    const group = Math.floor((index * spread) / TILE_NODES);
    const from = index * spread - group * TILE_NODES;
    if (tileLevel === 0) {
      const leaves = (await this.#bundle(group)).subarray(from * LEAF_BYTES, (from + spread) * LEAF_BYTES);
      return sumNodeAt(flatLeafNodes(leaves, height), 0);
    }
    const tile = await this.#tile(tileLevel, group);
    const nodes = tile.subarray(from * NODE_BYTES, (from + spread) * NODE_BYTES);
    return sumNodeAt(nodes.length === NODE_BYTES ? nodes : flatParentNodes(nodes, height), 0);
  }

  async #tile(tileLevel: number, tile: number): Promise<Uint8Array> {
    const nodes = Math.min(
      TILE_NODES,
      nodesOnTileLevel(this.commitment.count, tileLevel) - tile * TILE_NODES,
    );
    return this.#file(tilePath(tileLevel, tile), nodes * NODE_BYTES);
  }

  async #bundle(bundle: number): Promise<Uint8Array> {
    return this.#file(bundlePath(bundle), bundleLeaves(this.commitment.count, bundle) * LEAF_BYTES);
  }

  async #file(path: string, length: number): Promise<Uint8Array> {
    let bytes = this.#files.get(path);
    if (bytes === undefined) {
      bytes = await this.#source.read(path, length);
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

  #checkSpan(first: number, last: number): void {
    this.#checkIndex(first);
    this.#checkIndex(last);
    if (first > last)
      throw new InputError(
        "archive.index",
        `A range from leaf ${String(first)} to leaf ${String(last)} is empty.`,
      );
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

function leafIn(bundle: Uint8Array, offset: number): Uint8Array {
  return bundle.subarray(offset * LEAF_BYTES, (offset + 1) * LEAF_BYTES);
}

function activityKeyOf(leaf: Uint8Array): Uint8Array {
  return leaf.subarray(LEAF_AT.activityKey, LEAF_AT.nextActivityKey);
}

function keyIn(bundle: Uint8Array, offset: number): Uint8Array {
  return activityKeyOf(leafIn(bundle, offset));
}

/** Offset of the last leaf at or below a key, where the first one is. */
function lastIn(bundle: Uint8Array, key: Uint8Array): number {
  let [low, high] = [0, bundle.length / LEAF_BYTES - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (compareBytes(keyIn(bundle, middle), key) <= 0) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where a key stands among all keys, from 0 to 1; its first 48 bits are enough to guess by. */
function fractionOf(key: Uint8Array): number {
  return key.subarray(0, 6).reduce((sum, byte) => sum * 256 + byte, 0) / 2 ** 48;
}

/**
 * The node that holds a position, where the first one begins at `start`. @throws CheckFailedError
 * `archive.sizes`
 */
function nodeAt(
  sizes: readonly bigint[],
  start: bigint,
  position: bigint,
): { offset: number; start: bigint } {
  let begin = start;
  for (const [offset, size] of sizes.entries()) {
    if (position < begin + size) return { offset, start: begin };
    begin += size;
  }
  throw new CheckFailedError(
    "archive.sizes",
    `The sizes stored in the archive end below milligram ${position.toString()}.`,
  );
}
