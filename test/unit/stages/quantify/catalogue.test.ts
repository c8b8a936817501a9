import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/base/errors/errors.ts";
import type { RegionCode } from "../../../../src/base/types/ids.ts";
import type { Methodology, Methodology1 } from "../../../../src/base/types/methodology.ts";
import { isTestMethodology, methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { isCatalogued, MethodologyCatalogue } from "../../../../src/stages/quantify/catalogue.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { QUANTIFY_SENTENCES } from "../../../../src/stages/quantify/reasonCodes.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { at, methodology, methodology2, record } from "./support/helpers.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const LOCAL = { refuseTestMethodologies: false };
const WUHAN = "WUHAN" as RegionCode;
const catalogue = (...methodologies: Methodology[]): MethodologyCatalogue =>
  new MethodologyCatalogue(methodologies, LOCAL);

/** Code and version, or the code of the refusal. */
function found(
  from: MethodologyCatalogue,
  ...args: Parameters<MethodologyCatalogue["methodologyFor"]>
): string {
  const entry = from.methodologyFor(...args);
  return isCatalogued(entry) ? `${entry.methodology.code}@${entry.methodology.version}` : entry.code;
}

describe("a catalogue", () => {
  const versions = catalogue(
    methodology({ version: "2", validFrom: "2025-07-01", validTo: "2025-12-31" }),
    methodology({ version: "1", validFrom: "2025-01-01", validTo: "2025-06-30" }),
    methodology({ code: "LUZHOU-BIKE", region: "LUZHOU" as RegionCode }),
  );

  it("finds the version that is valid on the local day of the start", () => {
    expect(found(versions, record({ startedAt: at("2025-06-30T15:59:59Z") }), WUHAN)).toBe("SMALL-BIKE@1");
    expect(found(versions, record({ startedAt: at("2025-06-30T16:00:00Z") }), WUHAN)).toBe("SMALL-BIKE@2");
    expect(found(versions, record(), "LUZHOU" as RegionCode)).toBe("LUZHOU-BIKE@1");
  });

  it("says why there is none", () => {
    expect(found(versions, record(), "SGP" as RegionCode)).toBe("methodology.none");
    expect(found(versions, record({ scenario: "metro" }), WUHAN)).toBe("methodology.none");
    expect(found(versions, record({ unit: "trip" }), WUHAN)).toBe("methodology.none");
    expect(found(versions, record({ startedAt: at("2026-01-01T00:00:00Z") }), WUHAN)).toBe(
      "methodology.expired",
    );
    expect(found(versions, record({ startedAt: at("2024-01-01T00:00:00Z") }), WUHAN)).toBe(
      "methodology.expired",
    );
  });

  it("finds a version by its id, and takes the same one twice as one", () => {
    const one = methodology();
    const twice = catalogue(one, { ...one });
    expect(twice.list()).toHaveLength(1);
    expect(twice.find(methodologyIdOf(one))?.methodology).toBe(one);
    expect(twice.find(methodologyIdOf(methodology({ version: "9" })))).toBeNull();
  });

  it.each([
    [
      "two versions of one day",
      [methodology(), methodology({ version: "2", validFrom: "2025-12-31", validTo: "2026-12-31" })],
      "methodology.overlap",
    ],
    [
      "two codes for one scenario",
      [methodology(), methodology({ code: "OTHER-BIKE" })],
      "methodology.overlap",
    ],
    [
      "two time zones in a region",
      [methodology(), methodology({ scenario: "metro", timeZone: "Asia/Tokyo" })],
      "methodology.zone",
    ],
    ["a zone that is none", [methodology({ timeZone: "Asia/Nowhere" })], "zone.unknown"],
    ["a cap below a millionth", [methodology({ caps: { unitsPerAct: "0.0000001" } })], "decimal.too-precise"],
  ])("refuses %s", (_what, methodologies, code) => {
    expect(() => catalogue(...methodologies)).toThrow(InputError);
    expect(() => catalogue(...methodologies)).toThrow(refusedFor(code));
  });
});

describe("versions that begin at a minute", () => {
  const early = methodology2({
    version: "1",
    validTo: "2026-03-05T02:58Z",
    days: { first: "2025-01-01", last: "2026-03-05" },
    rule: { kind: "linear", gramsPerUnit: "400" },
  });
  const late = methodology2({
    version: "2",
    validFrom: "2026-03-05T02:58Z",
    days: { first: "2026-03-05", last: "2026-12-31" },
    rule: { kind: "linear", gramsPerUnit: "300" },
  });
  const both = catalogue(late, early);
  const charge = (startedAt: string, endedAt: string | null = null) =>
    record({
      scenario: "ev-charging",
      unit: "kWh",
      startedAt: at(startedAt),
      endedAt: endedAt === null ? null : at(endedAt),
    });
  /** Milligrams and version, or the code of a refusal. */
  const outcome = (from: MethodologyCatalogue, act: ReturnType<typeof charge>): string => {
    const version = from.methodologyFor(act, WUHAN);
    if (!isCatalogued(version)) return version.code;
    const counted = quantifyDown(act, version.methodology, { changes: from.changesDuring(act, version) });
    return isQuantified(counted)
      ? `${String(counted.milligrams)} by ${version.methodology.version}`
      : counted.code;
  };

  it("count from that minute on, on the same day", () => {
    expect(outcome(both, charge("2026-03-05T02:57:59Z"))).toBe("400000 by 1");
    expect(outcome(both, charge("2026-03-05T02:58:00Z"))).toBe("300000 by 2");
    expect(both.methodologyFor(charge("2024-12-31T15:59:59Z"), WUHAN)).toMatchObject({
      code: "methodology.expired",
    });
    expect(both.methodologyFor(charge("2026-12-31T16:00:00Z"), WUHAN)).toMatchObject({
      code: "methodology.expired",
    });
  });

  it("give a session that spans their change the lower of both results, whichever that is", () => {
    const session = charge("2026-03-05T02:30:00Z", "2026-03-05T03:30:00Z");
    expect(outcome(both, session)).toBe("300000 by 1");
    const raising = catalogue(early, { ...late, rule: { kind: "linear", gramsPerUnit: "500" } });
    expect(outcome(raising, session)).toBe("400000 by 1");
    // It is over when the new version begins.
    expect(outcome(both, charge("2026-03-05T02:30:00Z", "2026-03-05T02:58:00Z"))).toBe("400000 by 1");
    expect(outcome(both, charge("2026-03-05T02:30:00Z", "2026-03-05T02:58:01Z"))).toBe("300000 by 1");
  });

  it("give it nothing where one of them does", () => {
    const strict = catalogue(early, { ...late, predicates: [{ attribute: "size", atMost: "1" }] });
    expect(outcome(strict, charge("2026-03-05T02:30:00Z", "2026-03-05T03:30:00Z"))).toBe("attribute.missing");
    expect(outcome(strict, charge("2026-03-05T02:30:00Z", null))).toBe("400000 by 1");
  });

  it("leave a gap in which nothing counts, and an act that began before it counts whole", () => {
    const gap = catalogue(early, {
      ...late,
      validFrom: "2026-03-05T04:00Z",
    });
    expect(outcome(gap, charge("2026-03-05T03:00:00Z"))).toBe("methodology.expired");
    expect(outcome(gap, charge("2026-03-05T02:30:00Z", "2026-03-05T03:30:00Z"))).toBe("400000 by 1");
  });

  it("are refused where a minute has two, also beside one of the first form", () => {
    const overlap: unknown = refusedFor("methodology.overlap");
    expect(() => catalogue(early, { ...late, validFrom: "2026-03-05T02:57Z" })).toThrow(overlap);
    const days = methodology({
      scenario: "ev-charging",
      unit: "kWh",
      validFrom: "2024-01-01",
      validTo: "2024-12-31",
    });
    expect(catalogue(days, early, late).list()).toHaveLength(3);
    // The last day of 2024 ends in Shanghai at 16:00 UTC.
    const sooner = {
      ...early,
      validFrom: "2024-12-31T15:59Z",
      days: { first: "2024-12-31", last: "2026-03-05" },
    };
    expect(() => catalogue(days, sooner)).toThrow(overlap);
  });

  it("that change at midnight by whole days let the start alone decide", () => {
    const [first, second] = [
      methodology({ version: "1", validTo: "2025-06-30", gramsPerUnit: "100" }),
      methodology({ version: "2", validFrom: "2025-07-01", gramsPerUnit: "50" }),
    ];
    const ride = record({ startedAt: at("2025-06-30T15:59:00Z"), endedAt: at("2025-06-30T16:30:00Z") });
    expect(outcome(catalogue(first, second), ride)).toBe("100000 by 1");
    const next = methodology2({
      version: "2",
      scenario: "bike",
      unit: "km",
      validFrom: "2025-06-30T16:00Z",
      days: { first: "2025-07-01", last: "2026-12-31" },
      rule: { kind: "linear", gramsPerUnit: "50" },
    });
    expect(outcome(catalogue(first, next), ride)).toBe("100000 by 1");
  });

  it("outside of a local network are not lowered by one for tests", () => {
    const real = { ...early, code: "REAL" };
    const public_ = new MethodologyCatalogue([real, late], { refuseTestMethodologies: true });
    expect(outcome(public_, charge("2026-03-05T02:30:00Z", "2026-03-05T03:30:00Z"))).toBe("400000 by 1");
    expect(outcome(public_, charge("2026-03-05T03:30:00Z"))).toBe("methodology.test-only");
  });
});

describe("the shipped methodologies", () => {
  const all = shippedMethodologies();
  const shipped = all.filter((one): one is Methodology1 => one.schema === "microtonne-methodology/1");

  it("carry the factors of the sources, grams per unit", () => {
    const real = shipped.filter((one) => !isTestMethodology(one));
    const factors = Object.fromEntries(
      real.map(({ code, gramsPerUnit, unit }) => [code, `${gramsPerUnit} ${unit}`]),
    );
    expect(factors).toEqual({
      "WUHAN-METRO": "78.4 passenger-km",
      "WUHAN-BUS": "212.5 trip",
      "WUHAN-BIKE": "93.3 km",
      "WUHAN-EV-CHARGING": "409.4 kWh",
      "WUHAN-EV-TRAVEL": "2.1 km",
      "WUHAN-ELECTRICITY-SAVING": "525 kWh",
      "LUZHOU-CLEAN-PLATE": "144 meal",
      "LUZHOU-BUS-QR": "80 trip",
    });
    // Those for tests take the factor of the one that their source names.
    for (const { code, source, gramsPerUnit, unit } of shipped.filter(isTestMethodology)) {
      const [, of = ""] =
        /^Factor of (\S+) 2025, applied to other data for tests only; no claim about /.exec(source) ?? [];
      expect([code, `${gramsPerUnit} ${unit}`]).toEqual([code, factors[of]]);
    }
    expect(
      shipped
        .filter(isTestMethodology)
        .map(({ region }) => region)
        .toSorted(),
    ).toEqual(["ACNOFF", "DUNDEE", "EPFL", "NSW", "PARIS", "PERTH", "PGH", "SGP", "SHENZHEN", "SHENZHEN"]);
  });

  it("count together without overlap", () => {
    expect(new MethodologyCatalogue(all, LOCAL).list()).toHaveLength(all.length);
  });

  it("for tests are refused outside a local network, by name", () => {
    const trip = record({ startedAt: at("2017-09-11T12:00:00Z") });
    const region = "SGP" as RegionCode;
    expect(found(new MethodologyCatalogue(all, LOCAL), trip, region)).toBe("TEST-SG-BIKE@2017");
    const public_ = new MethodologyCatalogue(all, { refuseTestMethodologies: true });
    expect(public_.methodologyFor(trip, region)).toMatchObject({
      code: "methodology.test-only",
      sentence: QUANTIFY_SENTENCES["methodology.test-only"],
    });
    expect(found(public_, record(), WUHAN)).toBe("WUHAN-BIKE@2025");
  });
});
