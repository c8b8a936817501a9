import type { Strike } from "../../../../src/format/batch/strikes.ts";

/**
 * The rule of strikes once more, one gram at a time and as slowly as can be: which gram stands behind each
 * position up to the live end, null where none does.
 */
export function gramByGram(total: number, strikes: readonly Strike[], covered: bigint): (number | null)[] {
  let positions: (number | null)[] = Array.from({ length: total }, (_, gram) => gram);
  let left = covered;
  let inOrder = true;
  for (const { start, end } of strikes) {
    const isStruck = (gram: number | null) => gram !== null && gram >= start && gram < end;
    inOrder &&= end - start <= left;
    if (!inOrder) positions = positions.map((gram) => (isStruck(gram) ? null : gram));
    else {
      left -= end - start;
      const liveEnd = positions.length - Number(end - start);
      const spare = positions.slice(liveEnd).filter((gram) => gram !== null && !isStruck(gram));
      positions = positions
        .slice(0, liveEnd)
        .map((gram) => (isStruck(gram) ? (spare.shift() as number) : gram));
      if (spare.length > 0) throw new Error("More grams left the tail than positions lost theirs.");
    }
  }
  return positions;
}
