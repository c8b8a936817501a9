import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { MicroUnits } from "../../../../src/base/types/quantities.ts";
import { mayEarnLess, recountMilligramsDown } from "../../../../src/verify/parts/recountMilligramsDown.ts";
import { at, methodology, methodology2, record } from "../../stages/quantify/support/helpers.ts";

const count = (quantity: bigint, gramsPerUnit: string, unitsPerAct: string | null = null) =>
  recountMilligramsDown(
    { quantity: quantity as MicroUnits } as ActivityRecord,
    {
      gramsPerUnit,
      caps: { unitsPerAct },
    } as Methodology,
  );

describe("a record counted anew", () => {
  it.each([
    [1_000_000n, "93.3", null, 93_300n],
    [1_234_567n, "78.4", null, 96_790n],
    [10n, "93.3", null, 0n],
    [1n, "1000", null, 1n],
    [50_000_000n, "78.4", "30", 2_352_000n],
    [30_000_000n, "78.4", "30", 2_352_000n],
    [1_000_000n, "1", "0.0000005", 0n],
    [2n ** 60n, "0.000000000000000000000000000001", null, 0n],
  ])("%s millionths at %s g a unit, capped at %s, come to %s mg", (quantity, grams, cap, expected) => {
    expect(count(quantity, grams, cap)).toBe(expected);
  });

  it("never comes to more than the exact product, and to less than one milligram less", () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 10n ** 15n),
        fc.integer({ min: 1, max: 10 ** 9 }),
        fc.integer({ min: 0, max: 6 }),
        (quantity, digits, places) => {
          const padded = String(digits).padStart(places + 1, "0");
          const grams = places === 0 ? padded : `${padded.slice(0, -places)}.${padded.slice(-places)}`;
          const found = count(quantity, grams);
          // Both sides times 10^(3 + places), so that no fraction is left.
          const exact = quantity * BigInt(digits);
          const scale = 1000n * 10n ** BigInt(places);
          expect(found * scale <= exact && exact < (found + 1n) * scale).toBe(true);
        },
      ),
    );
  });

  it("is the lesser of itself and its cap", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 12n), fc.integer({ min: 1, max: 10 ** 6 }), (quantity, cap) => {
        const [free, capped, most] = [
          count(quantity, "212.5"),
          count(quantity, "212.5", String(cap)),
          count(BigInt(cap) * 1_000_000n, "212.5"),
        ];
        expect(capped).toBe(free < most ? free : most);
      }),
    );
  });
});

describe("a leaf that weighs less than its records", () => {
  const second = methodology2({ validTo: "2026-03-05T02:58Z" });
  const ended = (endedAt: string | null) => [
    record({ startedAt: at("2026-03-05T02:00:00Z"), endedAt: endedAt === null ? null : at(endedAt) }),
  ];

  it("is possible where the act outlasted its version, or a cap reaches over more than the act", () => {
    expect(mayEarnLess(ended("2026-03-05T02:58:01Z"), second)).toBe(true);
    const { caps } = second;
    for (const name of ["gramsPerSubjectDay", "gramsPerSubjectYear", "gramsPerProgrammeYear"])
      expect(mayEarnLess(ended(null), { ...second, caps: { ...caps, [name]: "1" } })).toBe(true);
  });

  it("is a fault otherwise, and always under the first form", () => {
    expect(mayEarnLess(ended("2026-03-05T02:58:00Z"), second)).toBe(false);
    expect(mayEarnLess(ended(null), { ...second, caps: { ...second.caps, gramsPerAct: "1" } })).toBe(false);
    expect(mayEarnLess(ended("2027-01-01T00:00:00Z"), methodology())).toBe(false);
  });
});
