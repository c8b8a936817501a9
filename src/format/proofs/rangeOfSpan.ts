import type { SumNode } from "../batch/sumTree.ts";
import type { InclusionProof } from "./inclusionProof.ts";
import { neighbours, type RangeProof } from "./rangeProof.ts";
import type { SpanProof } from "./openSpans.ts";

/**
 * The range proof of a span whose leaves are at hand: its steps are among those of the two ends.
 * @param count leaves of the batch
 * @param leaves all from the first to the last, 179 bytes each
 */
export function rangeOfSpan(
  count: number,
  { first, last = first }: SpanProof,
  leaves: readonly Uint8Array[],
): RangeProof {
  const steps: SumNode[] = [];
  const [below, above] = [siblings(count, first), siblings(count, last)];
  let [low, high, width] = [first.index, last.index, count];
  for (let level = 0; width > 1; level++) {
    const { left, right } = neighbours(low, high, width);
    // Both are there once the two ends were verified.
    if (left) steps.push(below[level] as SumNode);
    if (right) steps.push(above[level] as SumNode);
    [low, high, width] = [Math.floor(low / 2), Math.floor(high / 2), Math.ceil(width / 2)];
  }
  return { first: first.index, leaves, steps };
}

/** The sibling of a leaf's way to the root on each level; null where an odd node moved up. */
function siblings(count: number, { index, steps }: InclusionProof): (SumNode | null)[] {
  const result: (SumNode | null)[] = [];
  let used = 0;
  let at = index;
  for (let width = count; width > 1; width = Math.ceil(width / 2)) {
    const alone = at % 2 === 0 && at + 1 === width;
    result.push(alone ? null : (steps[used++] ?? null));
    at = Math.floor(at / 2);
  }
  return result;
}
