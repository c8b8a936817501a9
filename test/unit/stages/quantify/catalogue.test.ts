import { describe, expect, it } from "vitest";
import { InputError } from "../../../../src/base/errors/errors.ts";
import type { RegionCode } from "../../../../src/base/types/ids.ts";
import type { Methodology, Methodology1 } from "../../../../src/base/types/methodology.ts";
import { isTestMethodology, methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { isCatalogued, MethodologyCatalogue } from "../../../../src/stages/quantify/catalogue.ts";
import { QUANTIFY_SENTENCES } from "../../../../src/stages/quantify/reasonCodes.ts";
import { shippedMethodologies } from "../../../../src/stages/quantify/shippedMethodologies.ts";
import { at, methodology, record } from "./support/helpers.ts";

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
    expect(() => catalogue(...methodologies)).toThrow(expect.objectContaining({ code }));
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
