import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { mayEarnLess, recountMilligramsDown } from "../../../../src/verify/parts/recountMilligramsDown.ts";
import { at, methodology, methodology2, record } from "../../stages/quantify/support/helpers.ts";

const count = (quantity: bigint, gramsPerUnit: string, unitsPerAct: string | null = null) =>
  recountMilligramsDown(record({ quantity }), methodology({ gramsPerUnit, caps: { unitsPerAct } }));

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

describe("a record that starts when its methodology counts nothing", () => {
  const ride = (startedAt: UnixSeconds) => record({ startedAt });
  const charge = (startedAt: UnixSeconds) => record({ startedAt, scenario: "ev-charging", unit: "kWh" });
  const counts = (act: ActivityRecord, by: Methodology): [bigint, bigint] => {
    const found = quantifyDown(act, by);
    return [recountMilligramsDown(act, by), isQuantified(found) ? found.milligrams : 0n];
  };
  /** Valid on part of its first and of its last day. */
  const second = methodology2({
    validFrom: "2026-03-01T01:30Z",
    validTo: "2026-03-05T02:58Z",
    days: { first: "2026-03-01", last: "2026-03-05" },
  });

  it("comes to nothing outside the minutes of the second form, to the second", () => {
    for (const [start, milligrams] of [
      ["2026-03-01T01:29:59Z", 0n],
      ["2026-03-01T01:30:00Z", 409_400n],
      ["2026-03-05T02:57:59Z", 409_400n],
      ["2026-03-05T02:58:00Z", 0n],
      ["2026-03-05T04:00:00Z", 0n],
    ] as const)
      expect([start, ...counts(charge(at(start)), second)]).toEqual([start, milligrams, milligrams]);
  });

  it("comes to nothing on days that the chain has not as valid, nor outside those of the first form", () => {
    const late = { ...second, days: { first: "2026-03-02", last: "2026-03-04" } };
    for (const [start, milligrams] of [
      ["2026-03-01T15:59:59Z", 0n],
      ["2026-03-01T16:00:00Z", 409_400n],
      ["2026-03-04T15:59:59Z", 409_400n],
      ["2026-03-04T16:00:00Z", 0n],
    ] as const)
      expect([start, ...counts(charge(at(start)), late)]).toEqual([start, milligrams, milligrams]);
    for (const [start, milligrams] of [
      ["2024-12-31T15:59:59Z", 0n],
      ["2024-12-31T16:00:00Z", 93_300n],
      ["2025-12-31T15:59:59Z", 93_300n],
      ["2025-12-31T16:00:00Z", 0n],
    ] as const)
      expect([start, ...counts(ride(at(start)), methodology())]).toEqual([start, milligrams, milligrams]);
  });

  it("comes to nothing by a budget that is no week from a Monday's first minute", () => {
    const budget = methodology2({
      unit: "g",
      rule: { kind: "budget", gramsPerPeriod: "9", period: "week", coverage: "days", leastCoverage: 5 },
    });
    const week = (startedAt: string, endedAt: string | null) =>
      record({
        scenario: "ev-charging",
        unit: "g",
        startedAt: at(startedAt),
        endedAt: endedAt === null ? null : at(endedAt),
        attributes: { days: "6" },
      });
    for (const [start, end, milligrams] of [
      ["2026-03-01T16:00:00Z", "2026-03-08T16:00:00Z", 8000n],
      ["2026-03-01T16:00:59Z", "2026-03-07T16:00:01Z", 8000n],
      ["2026-03-01T16:00:00Z", null, 0n],
      ["2026-03-01T16:00:59Z", "2026-03-01T16:00:59Z", 0n],
      ["2026-03-01T16:00:00Z", "2026-03-07T16:00:00Z", 0n],
      ["2026-03-01T16:00:00Z", "2026-03-08T16:00:01Z", 0n],
      ["2026-03-01T16:01:00Z", "2026-03-08T16:00:00Z", 0n],
      ["2026-03-01T15:59:59Z", "2026-03-08T16:00:00Z", 0n],
      ["2026-03-02T16:00:00Z", "2026-03-08T16:00:00Z", 0n],
      ["2026-03-05T02:00:00Z", "2026-03-05T03:00:00Z", 0n],
    ] as const)
      expect([start, end, ...counts(week(start, end), budget)]).toEqual([start, end, milligrams, milligrams]);
  });

  it("is none that the quantification counts, at any second and of any length", () => {
    const budget = methodology2({
      unit: "g",
      timeZone: "America/Sao_Paulo",
      validFrom: "2017-10-10T03:00Z",
      validTo: "2017-12-01T02:07Z",
      days: { first: "2017-10-10", last: "2017-12-01" },
      rule: { kind: "budget", gramsPerPeriod: "9", period: "week", coverage: "days", leastCoverage: 5 },
    });
    const monday = at("2017-10-02T03:00:00Z");
    fc.assert(
      fc.property(
        fc.nat(10),
        fc.constantFrom(-3600, 0),
        fc.integer({ min: -90, max: 90 }),
        fc.option(fc.integer({ min: 0, max: 8 * 86_400 })),
        (weeks, hour, seconds, length) => {
          const startedAt = (monday + weeks * 7 * 86_400 + hour + seconds) as UnixSeconds;
          const endedAt = length === null ? null : ((startedAt + length) as UnixSeconds);
          const attributes = { days: "7" };
          const unit = "g";
          const act = record({ scenario: "ev-charging", unit, startedAt, endedAt, attributes });
          const [again, first] = counts(act, budget);
          expect(again).toBe(first);
        },
      ),
      { numRuns: 2000 },
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
