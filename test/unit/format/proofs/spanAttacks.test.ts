import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { honestSpans, opened } from "../../../../scripts/generate/vectors/honestSpans.ts";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { CheckFailedError } from "../../../../src/base/errors/errors.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { strikesHashOf, type Strike } from "../../../../src/format/batch/strikes.ts";
import {
  buildSumTree,
  leafNode,
  parentLevel,
  type MassRange,
  type SumCommitment,
  type SumNode,
  type SumTree,
} from "../../../../src/format/batch/sumTree.ts";
import { checkPlaces } from "../../../../src/format/proofs/checkPlaces.ts";
import { checkSpans } from "../../../../src/format/proofs/checkSpans.ts";
import { proveInclusion, type InclusionProof } from "../../../../src/format/proofs/inclusionProof.ts";
import { rangeOfSpan } from "../../../../src/format/proofs/rangeOfSpan.ts";
import { verifyRange } from "../../../../src/format/proofs/rangeProof.ts";
import { openSpans, type SpanProof } from "../../../../src/format/proofs/openSpans.ts";
import { strikeHistories, type StrikeHistory } from "../support/strikeHistories.ts";
import { codeOf } from "../support/vectors.ts";

const HISTORIES = Math.ceil(Number(process.env["SPAN_HISTORIES"] ?? 10_000) / 5);
/** Milliseconds, for a machine that does ten other things. */
const TIMEOUT = 120_000 + 100 * HISTORIES;

/** What a check is given; an attack gives something of it otherwise. */
interface Shown {
  readonly commitment: SumCommitment;
  readonly strikes: readonly Strike[];
  readonly covered: bigint;
  readonly positions: MassRange;
  readonly spans: readonly SpanProof[];
}
/** All that a check finds, as text. @throws CheckFailedError */
function findings({ commitment, strikes, covered, positions, spans }: Shown): string {
  const found = openSpans(commitment, strikes, spans);
  const batch = { total: commitment.total, strikes, covered: covered as Milligrams };
  const places = found.map(({ first, last }) =>
    [first, last].map(({ leaf, ...place }) => [place, toHex(leaf)]),
  );
  return JSON.stringify([checkSpans(batch, positions, found), places], (_, value: unknown) =>
    typeof value === "bigint" ? value.toString() : value,
  );
}
/** With the chain's hash of the strikes, as a verifier has it. */
const anchored = (honest: Shown, shown: Shown): Shown => {
  if (strikesHashOf(shown.strikes) !== strikesHashOf(honest.strikes))
    throw new CheckFailedError("verify.strikes", "The list is not the registry's.");
  return shown;
};

type Attack = readonly [name: string, shown: () => Shown];

/** Changes of what the file shows, each wrong: none may pass. */
function tamperings(honest: Shown, history: StrikeHistory, chance: number): Attack[] {
  const { spans, strikes, commitment } = honest;
  const { count } = history.tree;
  const attacks: Attack[] = [];
  const attack = (name: string, change: Partial<Shown>): void =>
    void attacks.push([name, () => ({ ...honest, ...change })]);
  const at = chance % Math.max(1, spans.length);
  const span = spans[at];
  if (span) {
    const { first, last } = span;
    const end = last ?? first;
    const put = (...replaced: SpanProof[]) => ({ spans: spans.toSpliced(at, 1, ...replaced) });
    const bent = (change: Partial<InclusionProof>) => put({ ...span, first: { ...first, ...change } });
    attack("a span dropped", put());
    attack("a span doubled", put(span, span));
    for (const index of [first.index - 1, first.index + 1].filter((i) => i >= 0 && i < count)) {
      const moved = opened(history, index);
      attack(
        "the first leaf moved",
        put(index === end.index ? { first: moved } : { first: moved, last: end }),
      );
    }
    for (const index of [end.index - 1, end.index + 1].filter((i) => i >= 0 && i < count)) {
      const moved = opened(history, index);
      attack("the last leaf moved", put(index === first.index ? { first } : { first, last: moved }));
    }
    attack("the last leaf left out or named twice", put(last ? { first } : { first, last: first }));
    if (last && last.index - first.index > 1) {
      const middle = first.index + 1 + (chance % (last.index - first.index - 1));
      const before = middle - 1 > first.index ? { last: opened(history, middle - 1) } : {};
      attack("a span split", put({ first, ...before }, { first: opened(history, middle), last }));
    }
    const previous = spans[at - 1];
    if (previous)
      attack("two spans joined", { spans: spans.toSpliced(at - 1, 2, { first: previous.first, last: end }) });
    const step = first.steps[chance % Math.max(1, first.steps.length)];
    if (step) {
      const sizes = [0n, step.size + 1n, step.size - 1n, 2n ** 63n, step.size + 2n ** 64n, -step.size];
      for (const size of sizes)
        attack(
          "another size in a step",
          bent({ steps: first.steps.map((one) => (one === step ? { ...one, size } : one)) }),
        );
      attack("a step cut", bent({ steps: first.steps.slice(1) }));
    }
    attack("a step added", bent({ steps: [...first.steps, { size: 1n, hash: new Uint8Array(32) }] }));
    if (count > 1) attack("another index", bent({ index: (first.index + 1) % count }));
    const leaf = first.leaf.slice();
    leaf[168] = ((leaf[168] as number) + 1) & 0xff;
    attack("another size in a leaf", bent({ leaf }));
    attack("another total", { commitment: { ...commitment, total: (commitment.total + 1n) as Milligrams } });
  }
  const struckAt = chance % Math.max(1, strikes.length);
  const struck = strikes[struckAt];
  if (struck) {
    attack("a leaf struck twice", { strikes: [...strikes, struck] });
    const listed: [name: string, list: Strike[]][] = [
      ["a struck leaf hidden", strikes.toSpliced(struckAt, 1)],
      [
        "another index of a struck leaf",
        strikes.with(struckAt, { ...struck, index: (struck.index + 1) % count }),
      ],
      [
        "another end of a struck leaf",
        strikes.with(struckAt, { ...struck, end: (struck.end - 1n) as Milligrams }),
      ],
    ];
    if (strikes.length > 1) listed.push(["strikes reordered", strikes.toReversed()]);
    for (const [name, list] of listed)
      if (count > 1 || name === "a struck leaf hidden")
        attacks.push([name, () => anchored(honest, { ...honest, strikes: list })]);
  }
  return attacks;
}

/** Changes that a check does not always notice: where one passes, it says what the honest file says. */
function harmless(honest: Shown, history: StrikeHistory, chance: number): Attack[] {
  const { spans, strikes, commitment } = honest;
  const attacks: Attack[] = [];
  const [one, other, ...others] = spans;
  if (one && other) attacks.push(["spans swapped", () => ({ ...honest, spans: [other, one, ...others] })]);
  if (spans.length > 0)
    for (const count of [commitment.count - 1, commitment.count + 1])
      attacks.push(["another count", () => ({ ...honest, commitment: { ...commitment, count } })]);
  const at = chance % Math.max(1, strikes.length);
  const struck = strikes[at];
  if (struck)
    for (const index of [struck.index - 1, struck.index + 1, chance % history.tree.count])
      if (index >= 0 && index < history.tree.count)
        attacks.push([
          "another index of a struck leaf, by the registry itself",
          () => ({ ...honest, strikes: strikes.with(at, { ...struck, index }) }),
        ]);
  return attacks;
}

const cases = fc.tuple(strikeHistories, fc.nat(2 ** 30)).map(([history, chance]) => {
  const { tree, strikes, covered, retired } = history;
  const range = retired[chance % Math.max(1, retired.length)];
  if (!range) return null;
  const spans = honestSpans(history, range);
  const honest: Shown = { commitment: tree, strikes, covered, positions: range, spans };
  return { history, chance, honest };
});

describe("spans that somebody tampered with", () => {
  it(
    "are refused, whatever was changed",
    () => {
      const tried = new Map<string, number>();
      fc.assert(
        fc.property(cases, (one) => {
          if (!one) return;
          expect(codeOf(() => findings(one.honest))).toBe("accepted");
          for (const [name, shown] of tamperings(one.honest, one.history, one.chance)) {
            tried.set(name, (tried.get(name) ?? 0) + 1);
            expect([name, codeOf(() => findings(shown()))]).toEqual([
              name,
              expect.stringMatching(/^(?:span|proof|leaf|strike|verify)\./),
            ]);
          }
        }),
        { numRuns: HISTORIES },
      );
      expect(tried.size).toBe(18);
      for (const [name, times] of tried) expect([name, times > HISTORIES / 250]).toEqual([name, true]);
    },
    TIMEOUT,
  );

  it(
    "say nothing else where a change is not noticed",
    () => {
      const noticed = fc.check(
        fc.property(cases, (one) => {
          if (!one) return true;
          const truth = findings(one.honest);
          return harmless(one.honest, one.history, one.chance).every(([, shown]) => {
            let found = truth;
            return codeOf(() => (found = findings(shown()))) !== "accepted" || found === truth;
          });
        }),
        { numRuns: HISTORIES },
      );
      expect(noticed.counterexample).toBeNull();
    },
    TIMEOUT,
  );
});

describe("each fault", () => {
  const leaves = seededLeafBytes("tampered", 7);
  const tree = buildSumTree(leaves.map(leafNode));
  const begins = [0n];
  for (const leaf of leaves) begins.push((begins.at(-1) as bigint) + leafNode(leaf).size);
  const at = (index: number): InclusionProof => ({
    index,
    leaf: leaves[index] as Uint8Array,
    steps: proveInclusion(tree, index),
  });
  const strike = (index: number, change: Partial<Strike> = {}): Strike => ({
    index,
    start: begins[index] as Milligrams,
    end: begins[index + 1] as Milligrams,
    ...change,
  });
  const range = (first: number, last: number): MassRange => ({
    start: begins[first] as bigint as Milligrams,
    end: begins[last + 1] as bigint as Milligrams,
  });
  const shown = (spans: SpanProof[], strikes: Strike[] = [], positions = range(1, 5)): string =>
    codeOf(() => findings({ commitment: tree, strikes, covered: 0n, positions, spans }));

  it("has its name", () => {
    const honest = { first: at(1), last: at(5) };
    expect(shown([honest])).toBe("accepted");
    expect(shown([{ first: at(5), last: at(1) }])).toBe("span.order");
    expect(shown([{ first: at(5), last: at(5) }])).toBe("span.order");
    expect(shown([{ first: at(4), last: at(5) }, { first: at(1) }])).toBe("span.order");
    expect(shown([])).toBe("span.count");
    expect(shown([honest, { first: at(6) }])).toBe("span.count");
    expect(shown([{ first: at(2), last: at(5) }])).toBe("span.first");
    expect(shown([{ first: at(0), last: at(5) }])).toBe("span.first");
    expect(shown([{ first: at(1), last: at(4) }])).toBe("span.last");
    expect(shown([{ first: at(1), last: at(6) }])).toBe("span.last");
    expect(shown([{ first: at(1), last: { ...at(5), index: 4 } }])).toBe("proof.root");
    // A registry that has the milligrams of leaf 3 struck under the index of leaf 6, outside of the span.
    expect(shown([honest], [strike(3)])).toBe("accepted");
    expect(shown([honest], [strike(3, { index: 6, end: begins[4] as Milligrams })])).toBe("span.places");
    expect(shown([{ first: at(1) }, { first: at(5) }], [strike(0), strike(6)])).toBe("span.count");
    const batch = { total: tree.total, strikes: [strike(3, { index: 6 })], covered: 0n as Milligrams };
    expect(codeOf(() => checkSpans(batch, range(1, 5), openSpans(tree, [], [honest])))).toBe("span.sum");
  });

  it("of places is noticed: two at once, overlaps, no room, room between neighbours, outside", () => {
    const batch = { total: 100n as Milligrams, count: 10 };
    const places = (...known: [index: number, start: number, end: number][]) =>
      codeOf(() =>
        checkPlaces(
          batch,
          known.map(([index, start, end]) => ({
            index,
            start: BigInt(start) as Milligrams,
            end: BigInt(end) as Milligrams,
          })),
        ),
      );
    expect(places()).toBe("accepted");
    expect(places([2, 10, 20], [2, 10, 20], [3, 20, 21], [9, 99, 100])).toBe("accepted");
    expect(places([0, 0, 91])).toBe("accepted");
    const wrong: [index: number, start: number, end: number][][] = [
      [
        [2, 10, 20],
        [2, 10, 21],
      ],
      [
        [2, 10, 20],
        [3, 19, 21],
      ],
      [
        [2, 10, 20],
        [3, 21, 22],
      ],
      [
        [2, 10, 20],
        [5, 21, 22],
      ],
      [
        [3, 10, 20],
        [2, 20, 30],
      ],
      [[2, 10, 10]],
      [[2, 1, 5]],
      [[0, 1, 5]],
      [[0, 0, 92]],
      [[9, 50, 99]],
      [[8, 50, 100]],
      [[10, 99, 100]],
      [[11, 99, 100]],
      [[-1, 0, 1]],
    ];
    for (const one of wrong) expect([one, places(...one)]).toEqual([one, "span.places"]);
    expect(codeOf(() => checkPlaces({ total: 9n as Milligrams, count: 10 }, []))).toBe("span.places");
  });
});

describe("a tree whose unopened node lies about its sum", () => {
  const hollowTrees = fc
    .record({ count: fc.integer({ min: 8, max: 40 }), extra: fc.integer({ min: 1, max: 50 }) })
    .map(({ count, extra }) => {
      const leaves = seededLeafBytes("hollow", count);
      const levels: (readonly SumNode[])[] = [leaves.map(leafNode)];
      // The node over leaves 2 and 3 says more than they hold; all above it adds up.
      const pairs = parentLevel(levels[0] as SumNode[]);
      const lie = pairs[1] as SumNode;
      levels.push(pairs.with(1, { ...lie, size: lie.size + BigInt(extra) }));
      while ((levels.at(-1) as SumNode[]).length > 1) levels.push(parentLevel(levels.at(-1) as SumNode[]));
      const top = levels.at(-1)?.[0] as SumNode;
      const tree: SumTree = { levels, root: top.hash, total: top.size as Milligrams, count };
      const span = { first: opened({ tree, leaves }, 0), last: opened({ tree, leaves }, count - 1) };
      return { tree, leaves, span };
    });

  it("passes as a span, which is why a span says less; once its leaves are read, it is refused", () => {
    fc.assert(
      fc.property(hollowTrees, ({ tree, leaves, span }) => {
        const positions = { start: 0n as Milligrams, end: tree.total };
        const honest = { commitment: tree, strikes: [], covered: 0n, positions, spans: [span] };
        expect(codeOf(() => findings(honest))).toBe("accepted");
        const held = leaves.reduce((sum, leaf) => sum + leafNode(leaf).size, 0n);
        expect(held < tree.total).toBe(true);
        expect(codeOf(() => verifyRange(tree, rangeOfSpan(tree.count, span, leaves)))).toMatch(/^proof\./);
      }),
    );
  });
});

describe("a registry that was handed a false size of a struck leaf", () => {
  it("can mislead a span, which is why places of strikes come from proofs and never from a caller", () => {
    const leaves = seededLeafBytes("tampered", 7);
    const tree = buildSumTree(leaves.map(leafNode));
    const sizes = leaves.map((leaf) => leafNode(leaf).size);
    const start = (sizes[0] as bigint) + (sizes[1] as bigint);
    const forged: Strike = { index: 2, start: start as Milligrams, end: (start + 1n) as Milligrams };
    const history = { tree, leaves };
    const spans = [{ first: opened(history, 0), last: opened(history, 6) }];
    const shown: Shown = {
      commitment: tree,
      strikes: [forged],
      covered: 0n,
      positions: { start: 0n as Milligrams, end: tree.total },
      spans,
    };
    expect(codeOf(() => findings(shown))).toBe("accepted");
    // With the leaves at hand the leaf has its own place, and no other.
    const places = verifyRange(tree, rangeOfSpan(tree.count, spans[0] as SpanProof, leaves));
    expect(
      codeOf(() => checkPlaces(tree, [forged, ...places.map((place, index) => ({ index, ...place }))])),
    ).toBe("span.places");
  });
});
