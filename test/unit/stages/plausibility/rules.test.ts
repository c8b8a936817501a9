import { describe, expect, it } from "vitest";
import { scaleDecimal } from "../../../../src/base/lib/decimal.ts";
import { regionCode } from "../../../../src/base/lib/ids.ts";
import { publishedClassesOf } from "../../../../src/format/batch/classes/classListFile.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES, SCENARIO_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { BoundsBook } from "../../../../src/stages/plausibility/boundsBook.ts";
import { checkAct } from "../../../../src/stages/plausibility/checkAct.ts";
import { parseRegionalRules } from "../../../../src/stages/plausibility/parseRegionalRules.ts";
import {
  ruleSchema,
  type ActBounds,
  type DayBounds,
  type ScenarioRules,
} from "../../../../src/stages/plausibility/ruleSchema.ts";
import { shippedPlausibility } from "../../../../src/stages/plausibility/shippedPlausibility.ts";
import { subjectDayRules } from "../../../../src/stages/plausibility/subjectDayRules.ts";
import { admitAll, BOOK, dayAct, ELSEWHERE, HOUR, MIDNIGHT, record, ZONE } from "./support/helpers.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const SHIPPED = shippedPlausibility();
/**
 * Each class in each region that has bounds of its own, and in one that has none, with the bounds as the data
 * has them.
 */
const PLACES = SHIPPED.flatMap(({ scenario, act, day, regions }) => [
  { scenario, region: ELSEWHERE, act, day },
  ...Object.entries(regions).map(([region, local]) => ({
    scenario,
    region: regionCode(region),
    act: { ...act, ...local.act } as ActBounds,
    day: { ...day, ...local.day } as DayBounds,
  })),
]);
const FERRY = { code: 9, name: "ferry", unit: "passenger-km" } as const;
const micro = (decimal: string): bigint => scaleDecimal(decimal, 6);
const NOON = MIDNIGHT + 12 * HOUR;

describe("the shipped plausibility rules", () => {
  it("cover every scenario class once", () => {
    expect(SHIPPED.map(({ scenario }) => scenario).toSorted()).toEqual(
      SCENARIO_CLASSES.map(({ name }) => name).toSorted(),
    );
  });

  describe.each(PLACES)("$scenario in $region", ({ scenario, region, act, day }) => {
    const codeOf = (quantity: bigint, start: number, seconds: number | null): string | undefined =>
      checkAct(BOOK, record(scenario, quantity, start, seconds), region, ZONE, "act")?.code;
    /** As much time as the bounds on speed and power want for a quantity, less the minute that is granted. */
    const rates = [act.speed?.maxKmh ?? act.power?.maxKw ?? []].flat();

    it("bounds the quantity of an act, inclusively", () => {
      expect(codeOf(micro(act.quantity.max), NOON, null)).toBeUndefined();
      expect(codeOf(micro(act.quantity.max) + 1n, NOON, null)).toBe("plausibility.too-much");
    });
    it("bounds its duration, inclusively", () => {
      expect(codeOf(1n, NOON, act.seconds.max)).toBeUndefined();
      expect(codeOf(1n, NOON, act.seconds.max + 1)).toBe("plausibility.too-long");
    });
    it.each(rates)("bounds its speed or power, and grants a minute: %s an hour", (rate) => {
      const inAMinute = micro(rate) / 60n;
      expect(codeOf(inAMinute, NOON, 0)).toBeUndefined();
      expect(codeOf(inAMinute + 1n, NOON, 0)).toBe(
        act.power ? "plausibility.too-strong" : "plausibility.too-fast",
      );
      expect(codeOf(inAMinute * 2n, NOON, 60)).toBeUndefined();
    });
    it.each(act.hours ? [act.hours] : [])(
      "bounds the hours in which acts start, inclusively: $from to $to",
      ({ from, to }) => {
        const at = (clock: string): number => Number(clock.slice(0, 2)) * HOUR + Number(clock.slice(3)) * 60;
        expect(codeOf(1n, MIDNIGHT + at(from), 60)).toBeUndefined();
        expect(codeOf(1n, MIDNIGHT + at(from) - 1, 60)).toBe("plausibility.closed-hours");
        expect(codeOf(1n, MIDNIGHT + at(to), 60)).toBeUndefined();
        expect(codeOf(1n, MIDNIGHT + at(to) + 1, 60)).toBe("plausibility.closed-hours");
      },
    );

    const rules = subjectDayRules(BOOK, region, ZONE);
    it("bounds the acts of a day, inclusively, and begins anew on the next", () => {
      const apart = Math.floor(86_400 / (day.acts.max + 1));
      if (apart < (day.gapSeconds?.min ?? 0)) throw new Error("The cap on acts can't be reached.");
      const acts = Array.from({ length: day.acts.max + 1 }, (_, i) => dayAct(scenario, i * apart, 1, 1n));
      const { outcomes, kept } = admitAll(rules, [...acts, dayAct(scenario, 86_400 + HOUR, 1, 1n)]);
      expect(kept).toHaveLength(day.acts.max + 1);
      expect(outcomes.slice(-2)).toEqual(["plausibility.acts-a-day", null]);
    });
    it.each(day.quantity ? [day.quantity] : [])(
      "bounds the quantity of a day, inclusively: $max",
      ({ max }) => {
        const most = micro(max);
        const acts = (second: bigint) => [
          dayAct(scenario, HOUR, 60, most - 5n),
          dayAct(scenario, 9 * HOUR, 60, second),
        ];
        expect(admitAll(rules, acts(5n)).outcomes).toEqual([null, null]);
        expect(admitAll(rules, acts(6n)).outcomes).toEqual([null, "plausibility.quantity-a-day"]);
      },
    );
    it.each(day.gapSeconds ? [day.gapSeconds] : [])(
      "bounds the time between two acts: $min s",
      ({ min: gap }) => {
        expect(
          admitAll(rules, [dayAct(scenario, HOUR, 60), dayAct(scenario, HOUR + 60 + gap, 60)]).outcomes,
        ).toEqual([null, null]);
        for (const other of [dayAct(scenario, HOUR + 59 + gap, 60), dayAct(scenario, HOUR - 59 - gap, 60)])
          expect(admitAll(rules, [dayAct(scenario, HOUR, 60), other]).outcomes).toEqual([
            null,
            "plausibility.too-soon",
          ]);
      },
    );
    it.each(day.atOnce?.excludes ?? [])(
      "can't go on at the same time as %s, but for what clocks may differ",
      (other) => {
        const tolerance = day.atOnce?.toleranceSeconds ?? 0;
        const first = dayAct(scenario, HOUR, 1000, 1n);
        const from = (start: number): unknown =>
          admitAll(rules, [first, dayAct(other, start, 1000, 1n)]).outcomes[1];
        expect(from(HOUR + 1000 - tolerance)).toBeNull();
        expect(from(HOUR + 1000 - tolerance - 1)).toBe("plausibility.at-once");
        expect(from(HOUR - 1000 + tolerance + 1)).toBe("plausibility.at-once");
      },
    );
  });

  it("keep an electric car at the plug while its owner rides, and two cars at two plugs", () => {
    const rules = subjectDayRules(BOOK, ELSEWHERE, ZONE);
    const acts = ["ev-charging", "metro", "ev-charging"].map((scenario) => dayAct(scenario, HOUR, HOUR));
    expect(admitAll(rules, acts).outcomes).toEqual([null, null, null]);
  });

  it("judge Dundee's session of 1,430 kWh without its profile's help", () => {
    expect(
      checkAct(
        BOOK,
        record("ev-charging", 1_430_000_000n, NOON, 8 * HOUR),
        regionCode("DUNDEE"),
        "Europe/London",
        "act",
      )?.code,
    ).toBe("plausibility.too-much");
  });

  it("count no act of a class without bounds, and judge no month of a project by bounds", () => {
    const classes = SHIPPED_CLASS_LISTS.with(
      publishedClassesOf({ version: 3, classes: [...LISTED_CLASSES, FERRY] }),
    ).newest;
    const bounded = parseRegionalRules({
      schema: "microtonne-regional-plausibility/1",
      region: ELSEWHERE,
      version: 1,
      timeZone: ZONE,
      validFrom: "2025-06-18",
      classes: [
        {
          scenario: "ferry",
          act: { quantity: { max: "10", source: "Ours." }, seconds: { max: 60, source: "Ours." } },
          day: { acts: { max: 2, source: "Ours." } },
          assets: ["vehicle"],
        },
      ],
    });
    const book = new BoundsBook(SHIPPED, [bounded], classes);
    const on = (day: string, category: "act" | "project" | "behaviour") =>
      checkAct(
        book,
        { ...record("metro", 1n, Date.parse(`${day}T12:00:00Z`) / 1000, null), scenario: "ferry" },
        ELSEWHERE,
        ZONE,
        category,
      );
    for (const category of ["act", "behaviour"] as const) {
      expect(on("2025-06-17", category)).toMatchObject({ code: "plausibility.no-bounds", field: "scenario" });
      expect(on("2025-06-18", category)).toBeNull();
    }
    expect(on("2025-06-17", "project")).toBeNull();
  });

  it("name the kinds of assets that a class has: shipped ones, or those of the region's rules", () => {
    const named = (book: BoundsBook, scenario: string, kind: string) =>
      checkAct(
        book,
        { ...record(scenario, 1n, NOON, null), asset: { kind, key: `0x${"33".repeat(32)}` } } as never,
        ELSEWHERE,
        ZONE,
        "act",
      )?.code;
    expect(named(BOOK, "bike", "fleet")).toBeUndefined();
    expect(named(BOOK, "bike", "meter")).toBe("plausibility.asset-kind");
    const own = {
      schema: "microtonne-regional-plausibility/1",
      region: ELSEWHERE,
      version: 1,
      timeZone: ZONE,
      validFrom: "1970-01-01",
      classes: [{ scenario: "bike", assets: ["network"] }],
    };
    const book = new BoundsBook(SHIPPED, [parseRegionalRules(own)]);
    expect(named(book, "bike", "network")).toBeUndefined();
    expect(named(book, "bike", "fleet")).toBe("plausibility.asset-kind");
    for (const assets of [["fleets"], [], ["network", "fleet"]])
      expect(() => parseRegionalRules({ ...own, classes: [{ scenario: "bike", assets }] })).toThrow(
        refusedFor("plausibility.malformed"),
      );
  });

  it("judge the local hour, also where the clock was changed", () => {
    const night = Date.parse("2025-06-17T19:00:00Z") / 1000;
    expect(checkAct(BOOK, record("metro", 1n, night, 60), regionCode("WUHAN"), ZONE, "act")?.code).toBe(
      "plausibility.closed-hours",
    );
    expect(
      checkAct(BOOK, record("metro", 1n, night, 60), regionCode("WUHAN"), "Europe/London", "act"),
    ).toBeNull();
  });
});

describe("plausibility rules that can't be meant", () => {
  const changed = (scenario: string, change: (rules: ScenarioRules) => unknown): ScenarioRules[] =>
    SHIPPED.map((rules) =>
      rules.scenario === scenario ? { ...rules, ...(change(rules) as object) } : rules,
    );
  const bound = { source: "Ours: a test." };

  it.each<[string, ScenarioRules[]]>([
    ["two sets for one class", [...SHIPPED, ...SHIPPED.slice(0, 1)]],
    [
      "a speed of charging",
      changed("ev-charging", ({ act }) => ({ act: { ...act, speed: { maxKmh: "5", ...bound } } })),
    ],
    [
      "a power of a bicycle in one region",
      changed("bike", () => ({ regions: { WUHAN: { act: { power: { maxKw: "5", ...bound } } } } })),
    ],
    [
      "classes that exclude each other in one direction",
      changed("metro", ({ day }) => ({ day: { ...day, atOnce: null } })),
    ],
    [
      "acts that are compared and last a month",
      changed("bus", ({ act }) => ({ act: { ...act, seconds: { max: 2_592_000, ...bound } } })),
    ],
    [
      "acts that are compared and last a second more than a week",
      changed("bus", ({ act }) => ({ act: { ...act, seconds: { max: 604_801, ...bound } } })),
    ],
  ])("are refused: %s", (_what, rules) => {
    expect(() => new BoundsBook(rules)).toThrow(refusedFor("plausibility.rules"));
    expect(() => new BoundsBook(rules)).toThrowErrorMatchingSnapshot();
  });

  it("may let compared acts last for a week", () => {
    const week = changed("bus", ({ act }) => ({ act: { ...act, seconds: { max: 604_800, ...bound } } }));
    expect(() => new BoundsBook(week)).not.toThrow();
  });

  it.each([
    ["a bound without a source", { quantity: { max: "5" } }],
    ["a bound that is no decimal", { quantity: { max: "1e3", ...bound } }],
    ["an unknown bound", { altitude: { max: "5", ...bound } }],
    ["an hour that is none", { hours: { from: "24:00", to: "05:00", ...bound } }],
  ])("break the schema: %s", (_what, act) => {
    const metro = SHIPPED.find(({ scenario }) => scenario === "metro");
    expect(ruleSchema.safeParse(metro).success).toBe(true);
    expect(ruleSchema.safeParse({ ...metro, act: { ...metro?.act, ...act } }).success).toBe(false);
  });
});
