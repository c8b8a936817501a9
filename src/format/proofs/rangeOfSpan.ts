import type { SumNode } from "../batch/sumTree.ts";
import type { InclusionProof } from "./inclusionProof.ts";
import { neighbours, type RangeProof } from "./rangeProof.ts";
import type { SpanProof } from "./openSpans.ts";

/** On each level above the leaves, what stands beside a span's nodes; null where nothing does. */
export interface SpanNeighbours {
  readonly left: SumNode | null;
  readonly right: SumNode | null;
}

/**
 * The range proof of a span whose leaves are at hand: its steps are among those of the two ends.
 * @param count leaves of the batch
 * @param leaves all from the first to the last, 179 bytes each
 */
export function rangeOfSpan(count: number, span: SpanProof, leaves: readonly Uint8Array[]): RangeProof {
  const beside = spanNeighbours(count, span).flatMap(({ left, right }) => [left, right]);
  return { first: span.first.index, leaves, steps: beside.filter((node) => node !== null) };
}

/** From the leaves to the root, out of the two ends, which were verified. */
export function spanNeighbours(count: number, { first, last = first }: SpanProof): SpanNeighbours[] {
  const [below, above] = [siblings(count, first), siblings(count, last)];
  const levels: SpanNeighbours[] = [];
  let [low, high, width] = [first.index, last.index, count];
  for (let level = 0; width > 1; level++) {
    const { left, right } = neighbours(low, high, width);
    // Both are there once the two ends were verified.
    levels.push({
      left: left ? (below[level] as SumNode) : null,
      right: right ? (above[level] as SumNode) : null,
    });
    [low, high, width] = [Math.floor(low / 2), Math.floor(high / 2), Math.ceil(width / 2)];
  }
  return levels;
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
