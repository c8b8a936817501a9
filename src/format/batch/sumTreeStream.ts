import { CheckFailedError } from "../../base/errors/errors.ts";
import { concatBytes } from "../../base/lib/bytes.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { flatLeafNodes, flatParentNodes, flatRoot, NODE_BYTES, sumNodeAt } from "./flatNodes.ts";
import { LEAF_BYTES } from "./leaf.ts";
import { checkSize, MAX_LEAVES, nodeBytes, type SumCommitment, type SumNode } from "./sumTree.ts";

/** Leaves that are hashed at one go: 2^12, so that each go comes to one node of level 12. */
const CHUNK_LEAVES = 4096;
const CHUNK_HEIGHT = 12;

/** The root of a stream of leaves, in memory for 4,096 nodes and one more node per level. */
export class SumTreeStream {
  /** Nodes of leaves whose chunk is not full. */
  readonly #chunk = new Uint8Array(CHUNK_LEAVES * NODE_BYTES);
  #inChunk = 0;
  /** `#waiting[k]` is a complete node of level 12 + k that has no right sibling yet. */
  readonly #waiting: (Uint8Array | undefined)[] = [];
  #count = 0;

  /** @throws CheckFailedError as `parentNode`, `tree.too-many` */
  push(node: SumNode): void {
    checkSize(node.size);
    this.#checkRoom(1);
    this.#add(nodeBytes(node));
  }

  /** Adds whole leaves of 179 bytes each. @throws CheckFailedError `leaf.…`, or as `push` */
  pushLeaves(leaves: Uint8Array): void {
    this.#checkRoom(leaves.length / LEAF_BYTES);
    for (let at = 0; at < leaves.length;) {
      const end = Math.min(leaves.length, at + (CHUNK_LEAVES - this.#inChunk) * LEAF_BYTES);
      this.#add(flatLeafNodes(leaves.subarray(at, end), 0));
      at = end;
    }
  }

  /**
   * What all pushed leaves come to; more may be pushed afterwards. @throws CheckFailedError `tree.empty`, or
   * as `parentNode`
   */
  finish(): SumCommitment {
    const rest = this.#chunk.subarray(0, this.#inChunk * NODE_BYTES);
    let root = rest.length === 0 ? undefined : flatRoot(rest);
    for (const node of this.#waiting) {
      if (node !== undefined) root = root === undefined ? node : flatParentNodes(concatBytes(node, root), 1);
    }
    if (root === undefined) throw new CheckFailedError("tree.empty", "A tree needs at least one leaf.");
    const { hash, size } = sumNodeAt(root, 0);
    return { root: hash, total: size as Milligrams, count: this.#count };
  }

  #checkRoom(leaves: number): void {
    if (this.#count + leaves > MAX_LEAVES)
      throw new CheckFailedError("tree.too-many", "A batch has at most 2^32 - 1 leaves.");
  }

  #add(nodes: Uint8Array): void {
    this.#chunk.set(nodes, this.#inChunk * NODE_BYTES);
    this.#inChunk += nodes.length / NODE_BYTES;
    this.#count += nodes.length / NODE_BYTES;
    if (this.#inChunk < CHUNK_LEAVES) return;
    this.#inChunk = 0;
    let carried = flatParentNodes(this.#chunk, CHUNK_HEIGHT);
    let level = 0;
    for (; this.#waiting[level] !== undefined; level++) {
      carried = flatParentNodes(concatBytes(this.#waiting[level] as Uint8Array, carried), 1);
      this.#waiting[level] = undefined;
    }
    this.#waiting[level] = carried;
  }
}
