import { concatBytes } from "../../../../../src/base/lib/bytes.ts";
import type { ArchiveCommitment, ArchiveSink } from "../../../../../src/format/archive/archiveStream.ts";
import { CheckFailedError } from "../../../../../src/base/errors/errors.ts";
import type { Milligrams } from "../../../../../src/base/types/quantities.ts";
import {
  BUNDLE_LEAVES,
  bundlePath,
  TILE_NODES,
  tilePath,
} from "../../../../../src/format/archive/archiveLayout.ts";
import { keccakStream } from "../../../../../src/format/keccak.ts";
import {
  leafNode,
  MAX_LEAVES,
  nodeBytes,
  parentLevel,
  type SumNode,
} from "../../../../../src/format/batch/sumTree.ts";

/** The archive writer with an object for each node: the model that the fast one is held against. */
export class ReferenceStream {
  readonly #sink: ArchiveSink;
  readonly #leavesHash = keccakStream();
  readonly #levels: TileLevel[] = [];
  #bundle: Uint8Array[] = [];
  #count = 0;

  constructor(sink: ArchiveSink) {
    this.#sink = sink;
  }

  /**
   * Adds the 179 bytes of the next leaf. @throws CheckFailedError as `decodeLeaf` and `parentNode`,
   * `tree.too-many`
   */
  async push(leaf: Uint8Array): Promise<void> {
    if (this.#count === MAX_LEAVES)
      throw new CheckFailedError("tree.too-many", "A batch has at most 2^32 - 1 leaves.");
    this.#bundle.push(leaf);
    this.#count += 1;
    if (this.#bundle.length === BUNDLE_LEAVES) await this.#add(0, await this.#flushBundle());
  }

  /**
   * Writes what is unfinished. Nothing may be pushed afterwards. @throws CheckFailedError `tree.empty`, or as
   * `push`
   */
  async finish(): Promise<ArchiveCommitment> {
    if (this.#count === 0) throw new CheckFailedError("tree.empty", "A batch needs at least one leaf.");
    const root = this.#count === 1 ? await this.#flushBundle() : await this.#finishTiles();
    return {
      root: root.hash,
      total: root.size as Milligrams,
      count: this.#count,
      leavesHash: this.#leavesHash.digest(),
    };
  }

  async #finishTiles(): Promise<SumNode> {
    if (this.#bundle.length > 0) await this.#add(0, await this.#flushBundle());
    for (let i = 0; ; i++) {
      const level = this.#levels[i] as TileLevel;
      const only = level.added === 1 ? level.pending[0] : undefined;
      if (level.pending.length > 0) {
        const top = await this.#flushTile(i);
        if (only !== undefined) return only;
        await this.#add(i + 1, top);
      }
    }
  }

  /** Adds a node of tree level 8·(i + 1); full tiles carry into the level above. */
  async #add(i: number, node: SumNode): Promise<void> {
    const level = (this.#levels[i] ??= { pending: [], added: 0, written: 0 });
    level.pending.push(node);
    level.added += 1;
    if (level.pending.length === TILE_NODES) await this.#add(i + 1, await this.#flushTile(i));
  }

  async #flushBundle(): Promise<SumNode> {
    const leaves = this.#bundle;
    this.#bundle = [];
    const bytes = concatBytes(...leaves);
    this.#leavesHash.update(bytes);
    await this.#sink.write(bundlePath(Math.ceil(this.#count / BUNDLE_LEAVES) - 1), bytes);
    return reduce(leaves.map(leafNode));
  }

  async #flushTile(i: number): Promise<SumNode> {
    const level = this.#levels[i] as TileLevel;
    const nodes = level.pending;
    level.pending = [];
    await this.#sink.write(tilePath(i + 1, level.written), concatBytes(...nodes.map(nodeBytes)));
    level.written += 1;
    return reduce(nodes);
  }
}

interface TileLevel {
  pending: SumNode[];
  added: number;
  written: number;
}

/** The one node above 1 to 256 neighbours. */
function reduce(nodes: readonly SumNode[]): SumNode {
  let level = nodes;
  while (level.length > 1) level = parentLevel(level);
  return level[0] as SumNode;
}
