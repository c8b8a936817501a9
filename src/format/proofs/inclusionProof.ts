import { equalBytes } from "../../base/lib/bytes.ts";
import { CheckFailedError, InputError } from "../../base/errors/errors.ts";
import { MAX_MILLIGRAMS } from "../../base/lib/mass.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import {
  leafNode,
  MAX_LEAVES,
  parentNode,
  type MassRange,
  type SumCommitment,
  type SumNode,
  type SumTree,
} from "../batch/sumTree.ts";

/** Shows that a leaf stands at an index. The sides of the steps follow from the index and the count. */
export interface InclusionProof {
  readonly index: number;
  /** The leaf's 179 bytes; its size is read from them. */
  readonly leaf: Uint8Array;
  /** Sibling nodes from the leaf to the root. */
  readonly steps: readonly SumNode[];
}

/** The sibling nodes of a leaf. @throws InputError `proof.index` */
export function proveInclusion(tree: SumTree, index: number): SumNode[] {
  if (!isIndex(index, tree.count))
    throw new InputError("proof.index", `The tree has no leaf ${String(index)}, only ${String(tree.count)}.`);
  const steps: SumNode[] = [];
  let position = index;
  for (const level of tree.levels) {
    const sibling = level[position % 2 === 0 ? position + 1 : position - 1];
    if (sibling !== undefined) steps.push(sibling);
    position = Math.floor(position / 2);
  }
  return steps;
}

/**
 * Recomputes root and total and gives the leaf's milligrams.
 * @throws CheckFailedError `proof.count`, `proof.index`, `proof.truncated`, `proof.extended`,
 * `proof.malformed`, `proof.zero-size`, `proof.overflow`, `proof.total`, `proof.root`, or as `decodeLeaf`
 */
export function verifyInclusion(commitment: SumCommitment, proof: InclusionProof): MassRange {
  checkPlace(commitment, proof.index, 1);
  const steps = new Steps(proof.steps);
  const leaf = leafNode(proof.leaf);
  let node = leaf;
  let before = 0n;
  let position = proof.index;
  for (let width = commitment.count; width > 1; width = Math.ceil(width / 2)) {
    if (position % 2 === 1) {
      const left = steps.next();
      before += left.size;
      node = joined(left, node);
    } else if (position + 1 < width) node = joined(node, steps.next());
    position = Math.floor(position / 2);
  }
  steps.end();
  checkRoot(commitment, node);
  return { start: before as Milligrams, end: (before + leaf.size) as Milligrams };
}

/** The steps of a proof, each checked before it is used. */
export class Steps {
  readonly #steps: readonly SumNode[];
  #used = 0;
  constructor(steps: readonly SumNode[]) {
    this.#steps = steps;
  }
  /** @throws CheckFailedError `proof.truncated`, `proof.malformed`, `proof.zero-size`, `proof.overflow` */
  next(): SumNode {
    const step = this.#steps[this.#used];
    if (step === undefined)
      throw new CheckFailedError(
        "proof.truncated",
        `The proof ends after ${String(this.#used)} steps; more are needed.`,
      );
    const where = `Step ${String(this.#used)} of the proof`;
    if (step.hash.length !== 32)
      throw new CheckFailedError("proof.malformed", `${where} has no 32-byte hash.`);
    if (step.size <= 0n) throw new CheckFailedError("proof.zero-size", `${where} has no milligrams.`);
    if (step.size > MAX_MILLIGRAMS)
      throw new CheckFailedError("proof.overflow", `${where} has 2^63 milligrams or more.`);
    this.#used += 1;
    return step;
  }
  /** @throws CheckFailedError `proof.extended` */
  end(): void {
    if (this.#used !== this.#steps.length) {
      throw new CheckFailedError(
        "proof.extended",
        `The proof has ${String(this.#steps.length)} steps; ${String(this.#used)} lead to the root.`,
      );
    }
  }
}

/** @throws CheckFailedError `proof.overflow` */
export function joined(left: SumNode, right: SumNode): SumNode {
  if (left.size + right.size > MAX_MILLIGRAMS)
    throw new CheckFailedError("proof.overflow", "Sizes of the proof add up to 2^63 milligrams or more.");
  return parentNode(left, right);
}

/**
 * `leaves` leaves from `index` on must lie within the batch. @throws CheckFailedError `proof.count`,
 * `proof.index`
 */
export function checkPlace(commitment: SumCommitment, index: number, leaves: number): void {
  const { count } = commitment;
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_LEAVES) {
    throw new CheckFailedError("proof.count", `${String(count)} is no number of leaves; 1 to 2^32 - 1 are.`);
  }
  if (leaves < 1 || !isIndex(index, count) || leaves > count - index) {
    throw new CheckFailedError(
      "proof.index",
      `The proof is about leaf ${String(index)} and ${String(leaves - 1)} more; the batch has ` +
        `${String(count)}.`,
    );
  }
}

/** @throws CheckFailedError `proof.total`, `proof.root` */
export function checkRoot(commitment: SumCommitment, node: SumNode): void {
  if (node.size !== commitment.total) {
    throw new CheckFailedError(
      "proof.total",
      `The proof adds up to ${node.size.toString()} mg, the batch to ${commitment.total.toString()} mg.`,
    );
  }
  if (!equalBytes(node.hash, commitment.root))
    throw new CheckFailedError("proof.root", "The proof leads to another root than the batch's.");
}

function isIndex(index: number, count: number): boolean {
  return Number.isSafeInteger(index) && index >= 0 && index < count;
}
