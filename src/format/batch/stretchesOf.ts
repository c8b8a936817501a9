import type { BackedPositions, Strike } from "./strikes.ts";
import type { MassRange } from "./sumTree.ts";

/**
 * The runs of grams that stand behind serial positions, ascending: two pieces belong to one run where every
 * gram between them is struck. They follow from the chain's data alone, so that who makes a proof has no say
 * in them.
 * @param pieces of `gramsBehind`, under the same strikes
 */
export function stretchesOf(pieces: readonly BackedPositions[], strikes: readonly Strike[]): MassRange[] {
  const grams = pieces.flatMap((piece) => (piece.grams === null ? [] : [piece.grams])).toSorted(byStart);
  const struck = strikes.toSorted(byStart);
  const stretches: MassRange[] = [];
  let at = 0;
  for (const { start, end } of grams) {
    const open = stretches.at(-1);
    let reached = open?.end ?? null;
    for (let next = struck[at]; reached !== null && next && next.start <= reached; next = struck[++at])
      if (next.end > reached) reached = next.end;
    if (open && reached === start) stretches[stretches.length - 1] = { start: open.start, end };
    else stretches.push({ start, end });
  }
  return stretches;
}

function byStart(a: MassRange, b: MassRange): number {
  return a.start < b.start ? -1 : 1;
}
