import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyStep } from "../../../../scripts/generate/vectors/strikeVectors.ts";
import { bigEndian, concatBytes, fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import {
  accountsAtCommit,
  checkAccounts,
  coveredMilligrams,
  unmintedOf,
  type BatchAccounts,
} from "../../../../src/format/batch/accounting.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  gramsBehind,
  nextStrikesHash,
  NO_STRIKES,
  strikesHashOf,
  type Strike,
} from "../../../../src/format/batch/strikes.ts";
import { gramByGram } from "../support/gramByGram.ts";
import { codeOf, codesOf, expectedCodes, vectors } from "../support/vectors.ts";

interface StrikeText {
  index: number;
  start: string;
  end: string;
}
interface History {
  name: string;
  total: string;
  strikes: StrikeText[];
  strikesHash: Hex;
  covered: string;
  end: string;
  behind: { start: string; end: string; grams: { start: string; end: string } | null }[];
}
type Step = Parameters<typeof applyStep>[1];
const file = vectors("strikes") as {
  accounts: {
    name: string;
    total: string;
    buffer: string;
    steps: Step[];
    states: Record<string, string>[];
    afterwards: (Step & { error: string })[];
  }[];
  substitution: History[];
  refused: (History & { error: string })[];
  strikesHash: { first: Hex; second: Hex; strikes: StrikeText[] };
};

const mg = (value: bigint | number | string) => BigInt(value) as Milligrams;
const strikeFrom = ({ index, start, end }: StrikeText): Strike => ({ index, start: mg(start), end: mg(end) });

describe("books of a batch", () => {
  it("go through the states of the vectors", () => {
    for (const { name, total, buffer, steps, states, afterwards } of file.accounts) {
      let state = accountsAtCommit(mg(total), mg(buffer));
      const seen = [state];
      for (const step of steps) seen.push((state = applyStep(state, step, mg(buffer))));
      expect([name, seen.map(texts)]).toEqual([name, states]);
      for (const step of afterwards)
        expect([name, step, codeOf(() => applyStep(state, step, mg(buffer)))]).toEqual([
          name,
          step,
          step.error,
        ]);
    }
  });

  it("balance after any history", () => {
    const amount = fc.integer({ min: 1, max: 400 });
    const step: fc.Arbitrary<Step> = fc.oneof(
      fc.constant({ op: "mintMain" as const }),
      fc.constant({ op: "mintRest" as const }),
      fc.record({
        op: fc.constantFrom("strike" as const, "burn" as const, "replace" as const, "retire" as const),
        milligrams: amount,
      }),
    );
    fc.assert(
      fc.property(fc.nat(1000), fc.array(step, { maxLength: 30 }), (buffer, steps) => {
        let state = accountsAtCommit(mg(1000), mg(buffer));
        for (const one of steps) {
          const before = state;
          if (codeOf(() => (state = applyStep(state, one, mg(buffer)))) !== "accepted")
            expect(state).toBe(before);
          const { total, minted, struck, shortfall, replaced, retired } = state;
          expect(
            unmintedOf(state) >= 0n &&
              unmintedOf(state) <= total &&
              shortfall + replaced <= struck &&
              struck <= total,
          ).toBe(true);
          if (one.op === "strike") expect(minted).toBe(before.minted);
          if (one.op === "burn" || one.op === "replace" || one.op === "retire")
            expect(unmintedOf(state)).toBe(unmintedOf(before));
          expect(retired <= minted && retired >= before.retired && coveredMilligrams(state) >= 0n).toBe(true);
          if (shortfall > 0n)
            expect(codeOf(() => applyStep(state, { op: "retire", milligrams: 1 }, mg(buffer)))).toBe(
              "accounts.suspended",
            );
        }
      }),
    );
  });

  it("notice an imbalance", () => {
    const state = accountsAtCommit(mg(1000), mg(0));
    for (const fault of [
      { minted: mg(1001) },
      { struck: mg(1001) },
      { minted: mg(600), struck: mg(401) },
      { shortfall: mg(1) },
      { struck: mg(5), shortfall: mg(3), replaced: mg(3) },
      { replaced: mg(-1) },
    ])
      expect([fault, codeOf(() => checkAccounts({ ...state, ...fault }))]).toEqual([
        fault,
        "accounts.identity",
      ]);
    expect(codeOf(() => checkAccounts({ ...state, retired: mg(1) }))).toBe("accounts.identity");
    expect(codeOf(() => accountsAtCommit(mg(1), mg(2)))).toBe("accounts.buffer");
  });
});

describe("strikes", () => {
  it("are chained by a hash over fixed widths", () => {
    const { first, second, strikes } = file.strikesHash;
    const [one, other] = strikes.map(strikeFrom) as [Strike, Strike];
    expect(nextStrikesHash(NO_STRIKES, one)).toBe(first);
    expect(nextStrikesHash(first, other)).toBe(second);
    expect(strikesHashOf([one, other])).toBe(second);
    expect(strikesHashOf([other, one])).not.toBe(second);
    const preimage = concatBytes(
      fromHex(first),
      bigEndian(other.index, 8),
      bigEndian(other.start, 8),
      bigEndian(other.end, 8),
    );
    expect([preimage.length, toHex(keccak(preimage))]).toEqual([56, second]);
  });

  it("leave behind positions what the vectors say", () => {
    for (const { name, total, strikes, strikesHash, covered, end, behind } of file.substitution) {
      const list = strikes.map(strikeFrom);
      const found = gramsBehind(mg(total), list, mg(covered), { start: mg(0), end: mg(end) });
      expect([name, found.map(piecesText)]).toEqual([name, behind]);
      expect(strikesHashOf(list)).toBe(strikesHash);
    }
  });

  it("that make no sense are refused", () => {
    const run = ({ total, strikes, covered, end }: History) =>
      gramsBehind(mg(total), strikes.map(strikeFrom), mg(covered), { start: mg(0), end: mg(end) });
    expect(codesOf(file.refused, run)).toEqual(expectedCodes(file.refused));
    expect(codeOf(() => gramsBehind(mg(10), [], mg(0), { start: mg(5), end: mg(5) }))).toBe(
      "strike.position",
    );
  });

  it("leave the same grams as a count gram by gram, each live one behind one position", () => {
    fc.assert(
      fc.property(histories, fc.nat(1000), ({ total, strikes }, share) => {
        const struck = strikes.reduce((sum, { start, end }) => sum + end - start, 0n);
        const covered = share > 500 ? struck : (struck * BigInt(share)) / 500n;
        const model = gramByGram(total, strikes, covered);
        if (model.length === 0) return;
        const found = gramsBehind(mg(total), strikes, mg(covered), { start: mg(0), end: mg(model.length) });
        expect(found.flatMap(spread)).toEqual(model);
        if (covered === struck) {
          const live = Array.from({ length: total }, (_, gram) => gram).filter(
            (gram) => !strikes.some((one) => gram >= one.start && gram < one.end),
          );
          expect(model.toSorted((a, b) => (a as number) - (b as number))).toEqual(live);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("of later leaves move only the positions that pointed at them, or stood at the end", () => {
    fc.assert(
      fc.property(histories, ({ total, strikes }) => {
        const all = strikes.reduce((sum, { start, end }) => sum + end - start, 0n);
        const last = strikes.at(-1);
        if (last === undefined) return;
        const before = gramByGram(total, strikes.slice(0, -1), all - (last.end - last.start));
        const after = gramByGram(total, strikes, all);
        const others = [...after.keys()].filter((position) => {
          const gram = before[position] as number;
          return gram < last.start || gram >= last.end;
        });
        expect(others.map((position) => after[position])).toEqual(others.map((position) => before[position]));
      }),
    );
  });
});

const histories = fc
  .array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
  .chain((sizes) => fc.record({ sizes: fc.constant(sizes), order: fc.shuffledSubarray([...sizes.keys()]) }))
  .map(({ sizes, order }) => {
    const starts = sizes.map((_, i) => sizes.slice(0, i).reduce((sum, size) => sum + size, 0));
    const strikes = order.map((index) => ({
      index,
      start: mg(starts[index] as number),
      end: mg((starts[index] as number) + (sizes[index] as number)),
    }));
    return { total: sizes.reduce((sum, size) => sum + size, 0), strikes };
  });

function spread({ start, end, grams }: ReturnType<typeof gramsBehind>[number]): (number | null)[] {
  return Array.from({ length: Number(end - start) }, (_, i) =>
    grams === null ? null : Number(grams.start) + i,
  );
}

function piecesText({ start, end, grams }: ReturnType<typeof gramsBehind>[number]) {
  return {
    start: start.toString(),
    end: end.toString(),
    grams: grams === null ? null : { start: grams.start.toString(), end: grams.end.toString() },
  };
}

function texts(state: BatchAccounts): Record<string, string> {
  return Object.fromEntries(
    Object.entries({ ...state, unminted: unmintedOf(state) }).map(([name, mass]: [string, bigint]) => [
      name,
      mass.toString(),
    ]),
  );
}
