import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { honestSpans } from "../../../../scripts/generate/vectors/honestSpans.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { MassRange } from "../../../../src/format/batch/sumTree.ts";
import { checkSpans } from "../../../../src/format/proofs/checkSpans.ts";
import { proveRange, verifyRange } from "../../../../src/format/proofs/rangeProof.ts";
import { rangeOfSpan } from "../../../../src/format/proofs/rangeOfSpan.ts";
import { openSpans } from "../../../../src/format/proofs/openSpans.ts";
import { gramByGram } from "../support/gramByGram.ts";
import { strikeHistories, type StrikeHistory } from "../support/strikeHistories.ts";

/** A deep run raises it: `npm run test:deep`. */
const HISTORIES = Number(process.env["SPAN_HISTORIES"] ?? 10_000);
/** Milliseconds, for a machine that does ten other things. */
const TIMEOUT = 120_000 + 20 * HISTORIES;

const length = ({ start, end }: MassRange) => Number(end - start);
const gramsOf = ({ start, end }: MassRange) =>
  Array.from({ length: Math.max(0, Number(end - start)) }, (_, i) => Number(start) + i);
const textOf = (steps: readonly { size: bigint; hash: Uint8Array }[]) =>
  steps.map(({ size, hash }) => `${size.toString()} ${toHex(hash)}`);

/** The retired ranges, and others below the live end. */
function rangesOf({ retired }: StrikeHistory, liveEnd: number, chances: readonly number[]): MassRange[] {
  if (liveEnd === 0) return [...retired];
  const others = chances.map((chance) => {
    const start = chance % liveEnd;
    return [start, start + 1 + (Math.floor(chance / liveEnd) % (liveEnd - start))] as const;
  });
  return [
    ...retired,
    ...others.map(([start, end]) => ({ start: BigInt(start) as Milligrams, end: BigInt(end) as Milligrams })),
  ];
}

describe("spans of an honest prover", () => {
  it(
    `say what a count gram by gram says, over ${String(HISTORIES)} histories of strikes`,
    () => {
      const seen = { ranges: 0, substituted: 0, unbacked: 0, none: 0, many: 0 };
      fc.assert(
        fc.property(strikeHistories, fc.array(fc.nat(2 ** 30), { maxLength: 3 }), (history, chances) => {
          const { tree, leaves, places, strikes, covered, retired } = history;
          const model = gramByGram(Number(tree.total), strikes, covered);
          const struck = new Set(strikes.flatMap(gramsOf));
          const usedBefore = new Set<number>();
          for (const [i, positions] of rangesOf(history, model.length, chances).entries()) {
            const wanted = model.slice(Number(positions.start), Number(positions.end));
            const behind = new Set(wanted.filter((gram) => gram !== null));
            const proofs = honestSpans(history, positions);
            const spans = openSpans(tree, strikes, proofs);
            const shown = checkSpans({ total: tree.total, strikes, covered }, positions, spans);

            expect(wanted).toHaveLength(length(positions));
            expect(
              shown.pieces.flatMap((piece) =>
                piece.grams === null
                  ? Array.from({ length: length(piece) }, () => null)
                  : gramsOf(piece.grams),
              ),
            ).toEqual(wanted);
            // Between the ends, what is not struck stands behind the range; and nothing that does is outside.
            const between = spans.flatMap(({ first, last }) =>
              gramsOf({ start: first.end, end: last.start }),
            );
            expect(between.filter((gram) => !struck.has(gram) && !behind.has(gram))).toEqual([]);
            const inSpans = new Set(
              spans.flatMap(({ first, last }) => gramsOf({ start: first.start, end: last.end })),
            );
            expect([...behind].filter((gram) => !inSpans.has(gram))).toEqual([]);
            expect(shown.leaves).toBe(
              places.filter((place) => gramsOf(place).some((gram) => behind.has(gram))).length,
            );
            if (i < retired.length)
              for (const gram of behind) {
                expect(usedBefore.has(gram), "one gram behind two retirements").toBe(false);
                usedBefore.add(gram);
              }

            for (const [at, { first, last }] of spans.entries()) {
              const [from, to] = [first.index, last.index];
              const range = rangeOfSpan(
                tree.count,
                proofs[at] as (typeof proofs)[number],
                leaves.slice(from, to + 1),
              );
              expect(textOf(range.steps)).toEqual(textOf(proveRange(tree, from, to)));
              expect(verifyRange(tree, range)).toEqual(places.slice(from, to + 1));
            }

            seen.ranges += 1;
            if (shown.pieces.some(({ start, grams }) => grams !== null && grams.start !== start))
              seen.substituted += 1;
            if (behind.size < wanted.length) seen.unbacked += 1;
            if (spans.length === 0) seen.none += 1;
            if (spans.length > 1) seen.many += 1;
          }
        }),
        { numRuns: HISTORIES },
      );
      // The histories are worth their name.
      for (const [what, times] of Object.entries(seen))
        expect([what, times > HISTORIES / 50]).toEqual([what, true]);
    },
    TIMEOUT,
  );
});
