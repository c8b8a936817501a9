import { InputError } from "../../base/errors/errors.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { checkPlace, checkRoot, joined, Steps } from "./inclusionProof.ts";
import {
  leafNode,
  type MassRange,
  type SumCommitment,
  type SumNode,
  type SumTree,
} from "../batch/sumTree.ts";

/** Shows that consecutive leaves stand at `first`, `first` + 1, … */
export interface RangeProof {
  readonly first: number;
  /** 179 bytes each. */
  readonly leaves: readonly Uint8Array[];
  /** Neighbours from the leaves to the root: on each level the left one, if any, before the right one. */
  readonly steps: readonly SumNode[];
}

/** The neighbours of leaves `first` to `last`, both inclusive. @throws InputError `proof.index` */
export function proveRange(tree: SumTree, first: number, last: number): SumNode[] {
  const fits =
    Number.isSafeInteger(first) &&
    Number.isSafeInteger(last) &&
    first >= 0 &&
    first <= last &&
    last < tree.count;
  if (!fits)
    throw new InputError(
      "proof.index",
      `The tree has no leaves ${String(first)} to ${String(last)}, only ${String(tree.count)}.`,
    );
  const steps: SumNode[] = [];
  let [low, high] = [first, last];
  for (const level of tree.levels) {
    const { left, right } = neighbours(low, high, level.length);
    if (left) steps.push(level[low - 1] as SumNode);
    if (right) steps.push(level[high + 1] as SumNode);
    [low, high] = [Math.floor(low / 2), Math.floor(high / 2)];
  }
  return steps;
}

/**
 * Recomputes root and total and gives the milligrams of each leaf. Links between the leaves are not judged
 * here (`linkFault`).
 * @throws CheckFailedError as `verifyInclusion`
 */
export function verifyRange(commitment: SumCommitment, proof: RangeProof): MassRange[] {
  checkPlace(commitment, proof.first, proof.leaves.length);
  const steps = new Steps(proof.steps);
  const leaves = proof.leaves.map(leafNode);
  let nodes: readonly SumNode[] = leaves;
  let before = 0n;
  let [low, high] = [proof.first, proof.first + proof.leaves.length - 1];
  for (let width = commitment.count; width > 1; width = Math.ceil(width / 2)) {
    const { left, right } = neighbours(low, high, width);
    const level = [...nodes];
    if (left) {
      const neighbour = steps.next();
      before += neighbour.size;
      level.unshift(neighbour);
    }
    if (right) level.push(steps.next());
    nodes = joinedLevel(level);
    [low, high] = [Math.floor(low / 2), Math.floor(high / 2)];
  }
  steps.end();
  checkRoot(commitment, nodes[0] as SumNode);
  return rangesFrom(before, leaves);
}

/** Which neighbours of nodes [low, high] a level of `width` nodes must supply. */
export function neighbours(low: number, high: number, width: number): { left: boolean; right: boolean } {
  return { left: low % 2 === 1, right: high % 2 === 0 && high + 1 < width };
}

function joinedLevel(level: readonly SumNode[]): SumNode[] {
  const parents: SumNode[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const [left, right] = [level[i] as SumNode, level[i + 1]];
    parents.push(right === undefined ? left : joined(left, right));
  }
  return parents;
}

function rangesFrom(before: bigint, leaves: readonly SumNode[]): MassRange[] {
  let start = before;
  return leaves.map(({ size }) => {
    const range = { start: start as Milligrams, end: (start + size) as Milligrams };
    start += size;
    return range;
  });
}
