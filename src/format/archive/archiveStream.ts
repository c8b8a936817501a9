import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { checkLeafLengths, flatLeafNodes, sumNodeAt } from "../batch/flatNodes.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";
import { MAX_LEAVES, type SumCommitment } from "../batch/sumTree.ts";
import { keccakStream } from "../keccak.ts";
import { BUNDLE_LEAVES, bundlePath } from "./archiveLayout.ts";
import { TileStream } from "./tileStream.ts";
import { BUNDLE_BYTES } from "./archiveLayout.ts";

/** Takes finished files, several at a time; paths are relative to the batch's folder. */
export interface ArchiveSink {
  write(path: string, bytes: Uint8Array): Promise<void>;
}

/** What the leaves of an archive come to. */
export interface ArchiveCommitment extends SumCommitment {
  /** keccak-256 of all leaf bytes in order. */
  readonly leavesHash: Uint8Array;
}

/** Leaves that are hashed and written at one go: sixteen bundles. */
export const GROUP_LEAVES = 16 * BUNDLE_LEAVES;
/** Of a tile's lowest nodes above the leaves. */
export const BUNDLE_HEIGHT = 8;

/**
 * Writes bundles and tiles of a batch while its leaves arrive, in memory for sixteen bundles and one tile per
 * level. Order and links of the leaves are the caller's; the manifest is written by the caller afterwards,
 * since it holds what `finish` returns.
 */
export class ArchiveStream {
  readonly #sink: ArchiveSink;
  readonly #leavesHash = keccakStream();
  readonly #tiles: TileStream;
  #group = new Uint8Array(GROUP_LEAVES * LEAF_BYTES);
  #inGroup = 0;
  #count = 0;

  constructor(sink: ArchiveSink) {
    this.#sink = sink;
    this.#tiles = new TileStream(sink);
  }

  /**
   * Adds the next leaves, 179 bytes each, one or many. They are copied. @throws CheckFailedError as
   * `decodeLeaf` and `parentNode`, `tree.too-many`
   */
  async push(leaves: Uint8Array): Promise<void> {
    checkLeafLengths(leaves);
    if (this.#count + leaves.length / LEAF_BYTES > MAX_LEAVES)
      throw new CheckFailedError("tree.too-many", "A batch has at most 2^32 - 1 leaves.");
    for (let at = 0; at < leaves.length;) {
      const end = Math.min(leaves.length, at + (GROUP_LEAVES - this.#inGroup) * LEAF_BYTES);
      this.#group.set(leaves.subarray(at, end), this.#inGroup * LEAF_BYTES);
      this.#inGroup += (end - at) / LEAF_BYTES;
      this.#count += (end - at) / LEAF_BYTES;
      at = end;
      if (this.#inGroup === GROUP_LEAVES) await this.#tiles.add(await this.#flushGroup());
    }
  }

  /**
   * Writes what is unfinished. Nothing may be pushed afterwards. @throws CheckFailedError `tree.empty`, or as
   * `push`
   */
  async finish(): Promise<ArchiveCommitment> {
    if (this.#count === 0) throw new CheckFailedError("tree.empty", "A batch needs at least one leaf.");
    let root: Uint8Array = new Uint8Array();
    if (this.#inGroup > 0) root = await this.#flushGroup();
    if (this.#count > 1) {
      if (root.length > 0) await this.#tiles.add(root);
      root = await this.#tiles.finish();
    }
    const { hash, size } = sumNodeAt(root, 0);
    return {
      root: hash,
      total: size as Milligrams,
      count: this.#count,
      leavesHash: this.#leavesHash.digest(),
    };
  }

  /** Writes the group's bundles and answers the nodes above them. */
  async #flushGroup(): Promise<Uint8Array> {
    const bytes = this.#group.subarray(0, this.#inGroup * LEAF_BYTES);
    const first = (this.#count - this.#inGroup) / BUNDLE_LEAVES;
    // The sink may keep what it was given.
    this.#group = new Uint8Array(GROUP_LEAVES * LEAF_BYTES);
    this.#inGroup = 0;
    const nodes = flatLeafNodes(bytes, BUNDLE_HEIGHT);
    this.#leavesHash.update(bytes);
    const bundles = Array.from({ length: Math.ceil(bytes.length / BUNDLE_BYTES) }, (_, i) =>
      this.#sink.write(bundlePath(first + i), bytes.subarray(i * BUNDLE_BYTES, (i + 1) * BUNDLE_BYTES)),
    );
    await Promise.all(bundles);
    return nodes;
  }
}
