import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DayAct } from "../../../../src/stages/plausibility/ports.ts";
import { BoundsBook } from "../../../../src/stages/plausibility/boundsBook.ts";
import { shippedPlausibility } from "../../../../src/stages/plausibility/shippedPlausibility.ts";
import { subjectDayRules } from "../../../../src/stages/plausibility/subjectDayRules.ts";
import { admitAll, dayAct, HOUR, WUHAN, wuhanDay, ZONE } from "./support/helpers.ts";

const rules = wuhanDay();
const CLASSES = [
  "metro",
  "bus",
  "bike",
  "ev-charging",
  "ev-travel",
  "carpool",
  "clean-plate",
  "electricity-saving",
];
/** Acts over two days, of any class, with and without an end; quantities that come near the caps of a day. */
const anyAct = fc
  .record({
    scenario: fc.constantFrom(...CLASSES),
    start: fc.integer({ min: 0, max: 2 * 86_400 - 1 }),
    seconds: fc.option(fc.integer({ min: 0, max: 4 * HOUR })),
    micro: fc.bigInt({ min: 1n, max: 200_000_000n }),
  })
  .map(({ scenario, start, seconds, micro }) => dayAct(scenario, start, seconds, micro));

/** Wuhan's caps of a day by class code, as rules/*.json has them: acts, and millionths. */
const CAPS: Readonly<Record<number, readonly [number, bigint]>> = {
  1: [40, 600_000_000n],
  2: [40, 2n ** 60n],
  3: [60, 200_000_000n],
  4: [16, 400_000_000n],
  5: [100, 2_000_000_000n],
  6: [100, 8_000_000_000n],
  7: [96, 2n ** 60n],
  8: [5, 20_000_000n],
};
function isOverfull(ofClass: readonly DayAct[]): boolean {
  const [acts, quantity] = CAPS[ofClass[0]?.scenarioClass ?? 0] ?? [0, 0n];
  return ofClass.length > acts || ofClass.reduce((sum, one) => sum + one.quantity, 0n) > quantity;
}

describe("a subject's day", () => {
  it("never sums to more than its caps, in whatever order acts come", () => {
    fc.assert(
      fc.property(fc.array(anyAct, { maxLength: 120 }), (acts) => {
        const { kept } = admitAll(rules, acts);
        const days = [
          ...Map.groupBy(
            kept,
            ({ scenarioClass, day }) => `${String(scenarioClass)} ${String(day)}`,
          ).values(),
        ];
        expect(days.filter((ofClass) => isOverfull(ofClass))).toEqual([]);
      }),
    );
  });

  it("is the same in any order where nothing is refused", () => {
    const apart = fc.uniqueArray(fc.integer({ min: 0, max: 23 }), { maxLength: 20 }).chain((hours) =>
      fc.tuple(
        fc.constant(
          hours.map((hour) => dayAct(["metro", "bus", "bike"][hour % 3] ?? "bus", hour * HOUR, 40 * 60)),
        ),
        fc.shuffledSubarray(
          hours.map((_, i) => i),
          { minLength: hours.length },
        ),
      ),
    );
    fc.assert(
      fc.property(apart, ([acts, order]) => {
        const turned = order.map((i) => acts[i] as DayAct);
        for (const list of [acts, turned])
          expect(admitAll(rules, list).outcomes).toEqual(list.map(() => null));
      }),
    );
  });

  it("finds two acts at once whichever comes first", () => {
    fc.assert(
      fc.property(anyAct, anyAct, (a, b) => {
        const isAtOnce = (list: DayAct[]): boolean =>
          admitAll(rules, list).outcomes[1] === "plausibility.at-once";
        expect(isAtOnce([a, b])).toBe(isAtOnce([b, a]));
      }),
    );
  });

  it("lets two acts share the longer of their classes' tolerances, whichever comes first", () => {
    const book = new BoundsBook(
      shippedPlausibility().map((one) =>
        one.scenario === "bike" && one.day.atOnce
          ? { ...one, day: { ...one.day, atOnce: { ...one.day.atOnce, toleranceSeconds: 500 } } }
          : one,
      ),
    );
    const wider = subjectDayRules(book, WUHAN, ZONE);
    const metro = dayAct("metro", 8 * HOUR, HOUR);
    const bikeSharing = (seconds: number) => dayAct("bike", 9 * HOUR - seconds, HOUR);
    for (const [shared, outcome] of [
      [500, null],
      [501, "plausibility.at-once"],
    ] as const) {
      expect(admitAll(wider, [metro, bikeSharing(shared)]).outcomes[1]).toBe(outcome);
      expect(admitAll(wider, [bikeSharing(shared), metro]).outcomes[1]).toBe(outcome);
    }
  });

  it("keeps acts that may exclude each other under a day that both touch", () => {
    fc.assert(
      fc.property(anyAct, anyAct, (a, b) => {
        if (rules.judge(a, [b], []) !== "plausibility.at-once") return;
        expect(rules.daysOf(a).some((day) => rules.daysOf(b).includes(day))).toBe(true);
      }),
    );
  });

  it("sees a ride that goes on past midnight", () => {
    const late = dayAct("metro", 23.8 * HOUR, HOUR);
    const bus = dayAct("bus", 24.2 * HOUR, 1200);
    expect(rules.daysOf(late)).toEqual([late.day, late.day + 1]);
    for (const list of [
      [late, bus],
      [bus, late],
    ])
      expect(admitAll(rules, list).outcomes).toEqual([null, "plausibility.at-once"]);
  });

  it("counts a ride past midnight on the day of its start alone", () => {
    const ride = dayAct("bike", 23.5 * HOUR, HOUR, 150_000_000n);
    const next = dayAct("bike", 30 * HOUR, HOUR, 150_000_000n);
    expect(admitAll(rules, [ride, next]).outcomes).toEqual([null, null]);
    expect(admitAll(rules, [next, ride]).outcomes).toEqual([null, null]);
  });
});
