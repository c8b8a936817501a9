import { flatParentNodes, NODE_BYTES } from "../batch/flatNodes.ts";
import { TILE_NODES, tilePath } from "./archiveLayout.ts";
import type { ArchiveSink } from "./archiveStream.ts";

interface TileLevel {
  readonly pending: Uint8Array;
  inPending: number;
  added: number;
  written: number;
}

/** The tiles above bundles, each handed on when it is full, in memory for one tile per level. */
export class TileStream {
  readonly #sink: ArchiveSink;
  /** `#levels[i]` holds nodes of tree level 8·(i + 1). */
  readonly #levels: TileLevel[] = [];

  constructor(sink: ArchiveSink) {
    this.#sink = sink;
  }

  /**
   * Adds nodes that stand above one bundle each, 40 bytes a node. @throws CheckFailedError as `parentNode`,
   * whatever the sink throws
   */
  async add(nodes: Uint8Array, i = 0): Promise<void> {
    const level = (this.#levels[i] ??= {
      pending: new Uint8Array(TILE_NODES * NODE_BYTES),
      inPending: 0,
      added: 0,
      written: 0,
    });
    for (let at = 0; at < nodes.length;) {
      const end = Math.min(nodes.length, at + (TILE_NODES - level.inPending) * NODE_BYTES);
      level.pending.set(nodes.subarray(at, end), level.inPending * NODE_BYTES);
      level.inPending += (end - at) / NODE_BYTES;
      level.added += (end - at) / NODE_BYTES;
      at = end;
      if (level.inPending === TILE_NODES) await this.add(await this.#flush(i), i + 1);
    }
  }

  /** Hands on what is unfinished and answers the root's 40 bytes. At least one node was added. */
  async finish(): Promise<Uint8Array> {
    for (let i = 0; ; i++) {
      const level = this.#levels[i] as TileLevel;
      if (level.inPending === 0) continue;
      const only = level.added === 1;
      const top = await this.#flush(i);
      if (only) return top;
      await this.add(top, i + 1);
    }
  }

  async #flush(i: number): Promise<Uint8Array> {
    const level = this.#levels[i] as TileLevel;
    const nodes = level.pending.slice(0, level.inPending * NODE_BYTES);
    level.inPending = 0;
    await this.#sink.write(tilePath(i + 1, level.written), nodes);
    level.written += 1;
    return flatParentNodes(nodes, 8);
  }
}
