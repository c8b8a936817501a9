import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { MassRange, SumCommitment } from "../batch/sumTree.ts";

/** A leaf whose milligrams are known: opened by a proof, or struck. */
export interface KnownLeaf extends MassRange {
  readonly index: number;
}

/**
 * The places of leaves must be possible together in one batch: a leaf has one place, every leaf has at least
 * 1 mg, and nothing lies between neighbours, before the first leaf or after the last.
 * @throws CheckFailedError `span.places`
 */
export function checkPlaces(
  { total, count }: Pick<SumCommitment, "total" | "count">,
  known: readonly KnownLeaf[],
): void {
  const begin: KnownLeaf = { index: -1, start: 0n as Milligrams, end: 0n as Milligrams };
  let before = begin;
  for (const leaf of [
    ...known.toSorted((a, b) => a.index - b.index),
    { index: count, start: total, end: total },
  ]) {
    const isEnd = leaf.index === count;
    if (leaf.index === before.index && before !== begin && !isEnd) {
      if (leaf.start !== before.start || leaf.end !== before.end)
        throw misplaced(`Leaf ${String(leaf.index)} stands at two places.`);
      continue;
    }
    const between = BigInt(leaf.index - before.index - 1);
    const room = leaf.start - before.end;
    if (
      between < 0n ||
      room < between ||
      (between === 0n && room !== 0n) ||
      (!isEnd && leaf.start >= leaf.end)
    )
      throw misplaced(
        `${nameOf(leaf, count)} can't begin at milligram ${leaf.start.toString()} where ` +
          `${nameOf(before, count).toLowerCase()} ends at ${before.end.toString()}.`,
      );
    before = leaf;
  }
}

function nameOf({ index }: KnownLeaf, count: number): string {
  if (index < 0) return "What is before the first leaf";
  return index >= count ? "What is after the last leaf" : `Leaf ${String(index)}`;
}

function misplaced(sentence: string): CheckFailedError {
  return new CheckFailedError(
    "span.places",
    `The leaves that are shown and struck don't fit together: ${sentence}`,
  );
}
