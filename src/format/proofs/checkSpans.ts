import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { gramsBehind, type BackedPositions, type Strike } from "../batch/strikes.ts";
import { stretchesOf } from "../batch/stretchesOf.ts";
import type { MassRange } from "../batch/sumTree.ts";
import { leavesIn, liveRuns } from "./liveRuns.ts";
import type { OpenedSpan } from "./openSpans.ts";

/** What spans show about serial positions, by the tree. */
export interface SpanBacking {
  /** Of `gramsBehind`. */
  readonly pieces: readonly BackedPositions[];
  /** Leaves from end to end of the spans that are not struck, each once. */
  readonly leaves: number;
}

/**
 * Checks that spans are exactly those behind serial positions [start, end): one for each stretch of grams, in
 * order, that begins and ends with it, and their live milligrams are those behind the positions. What the
 * leaves between the ends are is not shown.
 * @param batch the chain's: where anything of it is the prover's, nothing follows
 * @param spans of `openSpans`, under the same strikes
 * @throws CheckFailedError `span.count`, `span.first`, `span.last`, `span.sum`, or as `gramsBehind`
 */
export function checkSpans(
  batch: {
    readonly total: Milligrams;
    readonly strikes: readonly Strike[];
    readonly covered: Milligrams;
  },
  positions: MassRange,
  spans: readonly OpenedSpan[],
): SpanBacking {
  const { total, strikes, covered } = batch;
  const pieces = gramsBehind(total, strikes, covered, positions);
  const stretches = stretchesOf(pieces, strikes);
  if (stretches.length !== spans.length)
    throw new CheckFailedError(
      "span.count",
      `The range stands on ${String(stretches.length)} spans of leaves; the file shows ` +
        `${String(spans.length)}.`,
    );
  for (const [i, span] of spans.entries()) checkEnds(span, stretches[i] as MassRange);
  checkSum(pieces, stretches, struckBetween(spans, strikes));
  const ends = spans.map(({ first, last }) => ({ first: first.index, last: last.index }));
  return { pieces, leaves: leavesIn(liveRuns(ends, strikes)) };
}

function checkEnds({ first, last }: OpenedSpan, { start, end }: MassRange): void {
  if (start < first.start || start >= first.end)
    throw new CheckFailedError(
      "span.first",
      `The span begins with leaf ${String(first.index)}, which does not hold milligram ` +
        `${start.toString()}, where what stands behind the range begins.`,
    );
  if (end <= last.start || end > last.end)
    throw new CheckFailedError(
      "span.last",
      `The span ends with leaf ${String(last.index)}, which does not hold milligram ` +
        `${(end - 1n).toString()}, where what stands behind the range ends.`,
    );
}

/** Milligrams of struck leaves strictly between the ends of spans, by their index. */
function struckBetween(spans: readonly OpenedSpan[], strikes: readonly Strike[]): bigint {
  const struck = strikes.toSorted((a, b) => a.index - b.index);
  let sum = 0n;
  let at = 0;
  for (const { first, last } of spans) {
    for (let one = struck[at]; one && one.index < last.index; one = struck[++at])
      if (one.index > first.index) sum += one.end - one.start;
  }
  return sum;
}

/** Follows where the places of the same strikes were checked; a second lock for callers who did not. */
function checkSum(pieces: readonly BackedPositions[], stretches: readonly MassRange[], struck: bigint): void {
  const backed = pieces.reduce((sum, { start, end, grams }) => sum + (grams === null ? 0n : end - start), 0n);
  const live = stretches.reduce((sum, { start, end }) => sum + end - start, 0n) - struck;
  if (live !== backed)
    throw new CheckFailedError(
      "span.sum",
      `The spans hold ${live.toString()} mg that are not struck; ${backed.toString()} mg stand behind ` +
        "the range.",
    );
}
