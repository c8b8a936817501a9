import { flatLeafNodes, sumNodeAt } from "../batch/flatNodes.ts";
import { LEAF_BYTES } from "../batch/leaf.ts";
import { leafNode, type SumCommitment, type SumNode } from "../batch/sumTree.ts";
import { checkRoot, joined } from "./inclusionProof.ts";
import type { SpanProof } from "./openSpans.ts";
import { spanNeighbours, type SpanNeighbours } from "./rangeOfSpan.ts";

/** Leaves that are hashed at one go where all of them are there: 2^8. */
const HEIGHT = 8;
const GROUP = 2 ** HEIGHT;

/**
 * Holds the leaves of a span against the root while they come in, in the memory of one node a level: what
 * `verifyRange` says of `rangeOfSpan`. The span's ends were verified (`openSpans`).
 */
export class SpanRoot {
  /** Milligrams of the batch before the span. */
  readonly before: bigint;
  readonly #commitment: SumCommitment;
  readonly #beside: readonly SpanNeighbours[];
  /** On each level a node that waits for the one to its right; behind them the root. */
  readonly #waiting: (SumNode | null)[];
  #index: number;

  constructor(commitment: SumCommitment, span: SpanProof) {
    this.#commitment = commitment;
    this.#beside = spanNeighbours(commitment.count, span);
    this.#waiting = [...this.#beside.map(({ left }) => left), null];
    this.before = this.#beside.reduce((sum, { left }) => sum + (left?.size ?? 0n), 0n);
    this.#index = span.first.index;
  }

  /** The next leaves, 179 bytes each. @throws CheckFailedError as `decodeLeaf`, or `proof.overflow` */
  add(leaves: Uint8Array): void {
    for (let at = 0; at < leaves.length;) {
      const isGroup = this.#index % GROUP === 0 && leaves.length - at >= GROUP * LEAF_BYTES;
      const taken = isGroup ? GROUP : 1;
      const some = leaves.subarray(at, at + taken * LEAF_BYTES);
      if (isGroup) this.#put(HEIGHT, sumNodeAt(flatLeafNodes(some, HEIGHT), 0));
      else this.#put(0, leafNode(some));
      this.#index += taken;
      at += some.length;
    }
  }

  /** All leaves have come. @throws CheckFailedError `proof.total`, `proof.root`, `proof.overflow` */
  end(): void {
    for (const [level, { right }] of this.#beside.entries()) {
      if (right !== null) this.#put(level, right);
      const alone = this.#waiting[level] ?? null;
      if (alone === null) continue;
      this.#waiting[level] = null;
      this.#put(level + 1, alone);
    }
    checkRoot(this.#commitment, this.#waiting[this.#beside.length] as SumNode);
  }

  #put(level: number, node: SumNode): void {
    const left = this.#waiting[level] ?? null;
    if (left === null) this.#waiting[level] = node;
    else {
      this.#waiting[level] = null;
      this.#put(level + 1, joined(left, node));
    }
  }
}
