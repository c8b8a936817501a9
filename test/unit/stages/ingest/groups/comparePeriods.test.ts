import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { zoneOf } from "../../../../../src/base/lib/time/zone.ts";
import { comparePeriods, type Reading } from "../../../../../src/stages/ingest/groups/comparePeriods.ts";

const HALF_HOUR = 1800;
const instant = (text: string): number => Date.parse(text) / 1000;
const days = { zone: zoneOf("UTC"), everySeconds: 6 * 3600, period: "day" as const };
/** Four readings a day. */
const day = (date: string, ...micro: number[]): Reading[] =>
  micro.map((value, i) => ({ at: instant(`${date}T00:00:00Z`) + i * 6 * 3600, micro: value }));

describe("a meter's readings", () => {
  it("are summed by day or month of the zone, and compared with the same stretch a year before", () => {
    const { periods } = comparePeriods(
      [...day("2013-06-01", 1, 2, 3, 4), ...day("2014-06-01", 1, 1, 1, 1)],
      days,
    );
    expect(
      periods.map(({ period, intervals, used, earlier }) => [period.name, intervals, used, earlier]),
    ).toEqual([
      ["2013-06-01", 4, 10n, null],
      ["2014-06-01", 4, 4n, 10n],
    ]);
    const sydney = { zone: zoneOf("Australia/Sydney"), everySeconds: HALF_HOUR, period: "month" as const };
    const [october] = comparePeriods([{ at: instant("2013-10-01T00:00:00Z"), micro: 5 }], sydney).periods;
    // The clock was set forward on 6 October: one hour less than 31 days.
    expect(october).toMatchObject({
      intervals: 31 * 48 - 2,
      period: {
        name: "2013-10",
        start: instant("2013-09-30T14:00:00Z"),
        end: instant("2013-10-31T13:00:00Z"),
      },
    });
  });

  it("that lack in the year before lower the baseline; a longer month before counts for its share", () => {
    const { periods } = comparePeriods([...day("2013-06-01", 9, 9), ...day("2014-06-01", 1, 1, 1, 1)], days);
    expect(periods[1]?.earlier).toBe(18n);
    const months = { ...days, period: "month" as const };
    const february = (year: number, last: number): Reading[] =>
      Array.from({ length: last }, (_, i) =>
        day(`${String(year)}-02-${String(i + 1).padStart(2, "0")}`, 1, 1, 1, 1),
      ).flat();
    const leap = comparePeriods([...february(2012, 29), ...february(2013, 28)], months);
    expect(leap.periods[1]).toMatchObject({ used: 112n, earlier: (116n * 112n) / 116n });
    const after = comparePeriods([...february(2015, 28), ...february(2016, 29)], months);
    expect(after.periods[1]).toMatchObject({ used: 116n, earlier: 112n });
  });

  it("that are all between two intervals are no baseline, not one of nothing", () => {
    const before = [{ at: instant("2013-06-01T00:00:01Z"), micro: 9 }];
    const { periods } = comparePeriods([...before, ...day("2014-06-01", 1, 1, 1, 1)], days);
    expect(periods.find(({ period }) => period.name === "2014-06-01")?.earlier).toBeNull();
  });

  it("between two intervals, or twice in one, are set apart: the higher counts", () => {
    const readings = [
      { at: 0, micro: 5 },
      { at: 0, micro: 7 },
      { at: 1, micro: 9 },
      { at: 21_600, micro: 2 },
      { at: 21_600, micro: 1 },
    ];
    const { periods, refused } = comparePeriods(readings, days);
    expect(periods[0]).toMatchObject({ used: 9n, readings: [{ micro: 7 }, { micro: 2 }] });
    expect(refused.map(({ refused: { micro }, code }) => `${String(micro)} ${code}`).toSorted()).toEqual([
      "1 reading.repeated",
      "5 reading.repeated",
      "9 reading.off-grid",
    ]);
  });
});

describe("for any readings", () => {
  const arbitrary = fc.array(
    fc.record({
      at: fc.integer({ min: 0, max: 800 * 4 }).map((n) => n * 3 * 3600),
      micro: fc.integer({ min: 1, max: 100 }),
    }),
    {
      maxLength: 60,
    },
  );

  it("each is in one period or refused once; a baseline is never above the year before", () => {
    fc.assert(
      fc.property(arbitrary, (readings) => {
        const { periods, refused } = comparePeriods(readings, days);
        const kept = periods.flatMap((one) => one.readings);
        expect([...kept, ...refused.map((one) => one.refused)].length).toBe(readings.length);
        expect(new Set([...kept, ...refused.map((one) => one.refused)])).toEqual(new Set(readings));
        for (const { period, used, readings: own, earlier } of periods) {
          expect(used).toBe(own.reduce((sum, { micro }) => sum + BigInt(micro), 0n));
          const before = periods.find((one) => one.period.name === period.yearBefore);
          expect(earlier ?? 0n).toBeLessThanOrEqual(before?.used ?? 0n);
        }
      }),
      { numRuns: 500 },
    );
  });

  it("their order makes no difference", () => {
    fc.assert(
      fc.property(arbitrary, (readings) => {
        const of = (list: readonly Reading[]): unknown =>
          comparePeriods(list, days).periods.map(({ period, used, earlier }) => [period.name, used, earlier]);
        expect(of(readings.toReversed())).toEqual(of(readings));
      }),
    );
  });
});
