import { describe, expect, it } from "vitest";
import type { ActivityRecord, Unit } from "../../../../src/base/types/activityRecord.ts";
import type { ProviderId } from "../../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../../src/base/types/methodology.ts";
import { isTestMethodology, validityDays } from "../../../../src/format/batch/methodology.ts";
import { localDay } from "../../../../src/base/lib/time/zone.ts";
import { isCatalogued, MethodologyCatalogue } from "../../../../src/stages/quantify/catalogue.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { at, record } from "./support/helpers.ts";

const shipped = shippedMethodologies();
const presets = shipped.filter((one): one is Methodology2 => one.schema === "microtonne-methodology/2");
const catalogue = new MethodologyCatalogue(shipped, { refuseTestMethodologies: false });

/** What a record earns by the shipped rules of a region: version's code and milligrams, or the refusal's. */
function earned(
  region: string,
  act: Partial<Omit<ActivityRecord, "quantity">> & { readonly quantity: bigint },
  signers: readonly string[] = [],
): readonly [string, bigint | string] {
  const one = record(act);
  const version = catalogue.methodologyFor(one, region as Methodology2["region"]);
  if (!isCatalogued(version)) return ["none", version.code];
  const outcome = quantifyDown(one, version.methodology, { signers: signers as ProviderId[] });
  return [version.methodology.code, isQuantified(outcome) ? outcome.milligrams : outcome.code];
}

/** Recounted here in thousandths of a unit and tenths of a gram, which is all that these cases have. */
const recount = (milliUnits: number, tenthGrams: number, leftBps = 10_000): bigint =>
  BigInt(Math.floor((milliUnits * tenthGrams * leftBps) / 100_000));
const micro = (milliUnits: number): bigint => BigInt(milliUnits) * 1000n;

describe("the presets", () => {
  it("exist for tests and say so, since no source publishes their figures", () => {
    expect(presets.map(({ code }) => code).toSorted()).toEqual([
      "TEST-CHENGDU-BIKE",
      "TEST-CHENGDU-CLEAN-PLATE",
      "TEST-CHENGDU-METRO",
      "TEST-CHENGDU-PV",
      "TEST-CITICAP-WEEK",
      "TEST-HUBEI-PV",
      "TEST-HUBEI-PV-AGGREGATE",
      "TEST-NAAS-CHARGING",
      "TEST-SEOUL-SAVING",
    ]);
    for (const preset of presets) {
      expect(isTestMethodology(preset)).toBe(true);
      expect(preset.source).toMatch(/for tests only/);
    }
  });

  it("name the days that their minutes are in their zones", () => {
    for (const preset of presets) {
      const { timeZone, validFrom, validTo } = preset;
      expect([preset.code, validityDays(preset)]).toEqual([
        preset.code,
        { first: localDay(timeZone, at(validFrom)), last: localDay(timeZone, (at(validTo) - 60) as never) },
      ]);
    }
  });
});

describe("Chengdu, a second region", () => {
  const startedAt = at("2026-05-01T00:00:00Z");

  it("counts acts, projects and behaviour apart", () => {
    const categories = presets
      .filter(({ region }) => region === "CHENGDU")
      .map(({ code, category }) => [code, category]);
    expect(Object.fromEntries(categories)).toEqual({
      "TEST-CHENGDU-METRO": "act",
      "TEST-CHENGDU-BIKE": "act",
      "TEST-CHENGDU-PV": "project",
      "TEST-CHENGDU-CLEAN-PLATE": "behaviour",
    });
  });

  it("counts a ride by its own rule and not by Wuhan's", () => {
    const ride = { startedAt, scenario: "metro", unit: "passenger-km" as Unit };
    expect(earned("CHENGDU", { ...ride, quantity: micro(12_400) })).toEqual([
      "TEST-CHENGDU-METRO",
      recount(12_400, 784),
    ]);
    expect(earned("CHENGDU", { ...ride, quantity: micro(121_000) })[1]).toBe(recount(120_000, 784));
    expect(earned("WUHAN", { ...ride, quantity: micro(121_000) })).toEqual([
      "WUHAN-METRO",
      recount(121_000, 784),
    ]);
    expect(earned("CHENGDU", { startedAt, scenario: "bike", unit: "km", quantity: micro(2_345) })[1]).toBe(
      recount(2_345, 933),
    );
    expect(
      earned("CHENGDU", { startedAt, scenario: "clean-plate", unit: "meal", quantity: micro(1000) })[1],
    ).toBe(144_000n);
  });

  it("counts a project's month less what the plant uses itself, where it is young enough", () => {
    const month = { startedAt, scenario: "pv-generation", quantity: micro(1_234_567), unit: "kWh" as Unit };
    expect(earned("CHENGDU", { ...month, attributes: { commissioned: "2022-01-01" } })[1]).toBe(
      recount(1_234_567, 5250, 9800),
    );
    expect(earned("CHENGDU", { ...month, attributes: { commissioned: "2021-12-31" } })[1]).toBe(
      "predicate.not-before",
    );
  });
});

describe("charging by the supply mix of a quarter", () => {
  it("takes the row of the quarter in which the session starts, by the local clock", () => {
    const session = (startedAt: string) =>
      earned("NAAS", {
        startedAt: at(startedAt),
        scenario: "ev-charging",
        unit: "kWh",
        quantity: micro(33_333),
      })[1];
    expect(session("2026-03-31T15:59:59Z")).toBe(recount(33_333, 5000));
    expect(session("2026-03-31T16:00:00Z")).toBe(recount(33_333, 6125));
    expect(session("2026-07-15T00:00:00Z")).toBe(recount(33_333, 8000));
    // 33.333 kWh at 701.25 g are 23,374.76625 g.
    expect(session("2026-12-31T15:59:59Z")).toBe(23_374_766n);
    expect(session("2026-12-31T16:00:00Z")).toBe("rule.no-row");
  });

  it("stays within the range that the White Paper names", () => {
    const rule = presets.find(({ code }) => code === "TEST-NAAS-CHARGING")?.rule;
    const factors = rule?.kind === "table" ? rule.rows.map(({ gramsPerUnit }) => Number(gramsPerUnit)) : [];
    expect([Math.min(...factors), Math.max(...factors)]).toEqual([500, 800]);
  });
});

describe("a weekly budget", () => {
  const week = (
    grams: number,
    days: string | null,
    startedAt = "2026-06-07T21:00:00Z",
    endedAt: string | null = new Date((at(startedAt) + 7 * 86_400) * 1000).toISOString(),
  ) =>
    earned("LAHTI", {
      startedAt: at(startedAt),
      endedAt: endedAt === null ? null : at(endedAt),
      scenario: "travel-week",
      unit: "g",
      quantity: micro(grams * 1000),
      ...(days !== null && { attributes: { "days-measured": days } }),
    })[1];

  it("earns what the week left of it, at most half of it", () => {
    expect(week(14_321, "6")).toBe(BigInt(20_000 - 14_321) * 1000n);
    expect(week(19_999, "5")).toBe(1000n);
    expect(week(1_000, "7")).toBe(10_000_000n);
    expect(week(20_000, "7")).toBe("rule.budget-spent");
    expect(week(23_000, "7")).toBe("rule.budget-spent");
  });

  it("earns nothing where too little was measured, or nobody says how much", () => {
    expect([week(0, "4"), week(0, null), week(0, "")]).toEqual([
      "rule.coverage",
      "attribute.missing",
      "attribute.malformed",
    ]);
  });

  it("is a week from Monday to Sunday by the local clock, in summer and in winter", () => {
    expect(week(14_321, "7", "2026-11-01T22:00:00Z")).toBe(5_679_000n);
    expect(week(14_321, "7", "2026-11-01T21:00:00Z")).toBe("methodology.week");
    expect(week(14_321, "7", "2026-06-08T09:00:00Z")).toBe("methodology.week");
  });

  it("ends on its Sunday, or it is no week", () => {
    const until = (endedAt: string | null) => week(14_321, "7", undefined, endedAt);
    for (const endedAt of ["2026-06-13T21:00:01Z", "2026-06-14T20:59:59Z", "2026-06-14T21:00:00Z"])
      expect(until(endedAt)).toBe(5_679_000n);
    for (const endedAt of [
      null,
      "2026-06-07T21:00:00Z",
      "2026-06-07T21:00:01Z",
      "2026-06-07T22:00:00Z",
      "2026-06-13T21:00:00Z",
      "2026-06-14T21:00:01Z",
    ])
      expect(until(endedAt)).toBe("methodology.week");
  });
});

describe("a saving of a tenth or more with two attestors", () => {
  const month = (kwh: number, reference: number, signers: readonly string[]) =>
    earned(
      "SEOUL",
      {
        startedAt: at("2026-04-30T15:00:00Z"),
        scenario: "electricity-saving",
        unit: "kWh",
        quantity: micro(kwh * 1000),
        attributes: { "reference-kwh": String(reference) },
      },
      signers,
    )[1];
  const [grid, meters] = [
    "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
  ] as const;
  const both = [grid, meters];

  it("earns the whole saving from a tenth on, and nothing below", () => {
    expect(month(270, 300, both)).toBe(recount(30_000, 5250));
    expect(month(255, 300, both)).toBe(recount(45_000, 5250));
    expect(month(271, 300, both)).toBe("rule.saving-too-small");
    expect(month(300, 270, both)).toBe("rule.saving-too-small");
    // A tenth, and still below the floor of 5 kWh.
    expect(month(36, 40, both)).toBe("rule.saving-too-small");
  });

  it("earns nothing by the word of one of them", () => {
    for (const signers of [[], [grid], [grid, grid], [grid, "somebody"]])
      expect(month(255, 300, signers)).toBe("methodology.signatures");
  });
});

describe("photovoltaics", () => {
  const startedAt = at("2026-06-30T16:00:00Z");
  const plant = (attributes: Record<string, string>) =>
    earned("HUBEI", {
      startedAt,
      scenario: "pv-generation",
      unit: "kWh",
      quantity: micro(98_765_432),
      attributes,
    });

  it("below one megawatt are counted, to the watt", () => {
    expect(plant({ "capacity-w": "999999", province: "hubei" })).toEqual([
      "TEST-HUBEI-PV",
      recount(98_765_432, 5250),
    ]);
    expect(plant({ "capacity-w": "1000000", province: "hubei" })[1]).toBe("predicate.at-most");
    expect(plant({ "capacity-w": "0", province: "hubei" })[1]).toBe("predicate.at-least");
    expect(plant({ "capacity-w": "20000", province: "hunan" })[1]).toBe("predicate.one-of");
    expect(plant({ province: "hubei" })[1]).toBe("attribute.missing");
  });

  it("of an aggregator are counted together, by their number and their largest", () => {
    const month = (installations: string, largest: string, milliUnits: number) =>
      earned("HUBEI", {
        startedAt,
        scenario: "pv-aggregate",
        unit: "kWh",
        quantity: micro(milliUnits),
        attributes: { installations, "largest-w": largest },
      })[1];
    expect(month("120", "12000", 43_210_987)).toBe(recount(43_210_987, 5250, 9500));
    expect(month("120", "12000", 60_000_001)).toBe(recount(60_000_000, 5250, 9500));
    expect(month("501", "12000", 1)).toBe("predicate.at-most");
    expect(month("0", "12000", 1)).toBe("predicate.at-least");
    expect(month("120", "30001", 1)).toBe("predicate.at-most");
  });
});
