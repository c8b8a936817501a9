import { describe, expect, it } from "vitest";
import { toHex, utf8 } from "../../../../src/base/lib/bytes.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import {
  isTestMethodology,
  methodologyIdOf,
  parseMethodology,
  validityDays,
} from "../../../../src/format/batch/methodology.ts";
import {
  SCENARIO_CLASSES,
  scenarioClass,
  scenarioClassOfCode,
} from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { toldCodeOf } from "../support/vectors.ts";

const metro = {
  schema: "microtonne-methodology/1",
  code: "WUHAN-METRO",
  version: "2025",
  title: "Metro",
  region: "WUHAN",
  timeZone: "Asia/Shanghai",
  scenario: "metro",
  unit: "passenger-km",
  gramsPerUnit: "78.4",
  validFrom: "2024-01-01",
  validTo: "2026-12-31",
  caps: { unitsPerAct: null },
  source: "White Paper",
};

describe("methodology", () => {
  it("has the hash of its canonical JSON as id, whatever the order of its fields", () => {
    const text =
      '{"caps":{"unitsPerAct":null},"code":"WUHAN-METRO","gramsPerUnit":"78.4",' +
      '"region":"WUHAN","scenario":"metro","schema":"microtonne-methodology/1",' +
      '"source":"White Paper","timeZone":"Asia/Shanghai","title":"Metro",' +
      '"unit":"passenger-km","validFrom":"2024-01-01","validTo":"2026-12-31",' +
      '"version":"2025"}';
    expect(methodologyIdOf(parseMethodology(metro))).toBe(toHex(keccak(utf8(text))));
    expect(methodologyIdOf(parseMethodology(Object.fromEntries(Object.entries(metro).toReversed())))).toBe(
      toHex(keccak(utf8(text))),
    );
  });

  it("changes its id with any change", () => {
    const ids = [
      metro,
      { ...metro, gramsPerUnit: "78.5" },
      { ...metro, version: "2026" },
      { ...metro, caps: { unitsPerAct: "60" } },
    ];
    expect(new Set(ids.map((one) => methodologyIdOf(parseMethodology(one)))).size).toBe(4);
  });

  it("refuses what is not of its closed schema", () => {
    const bad: object[] = [
      { id: "0x00" },
      { schema: "microtonne-methodology/2" },
      { code: "" },
      { code: "with space" },
      { scenario: "flying" },
      { unit: "km" },
      { gramsPerUnit: "78.40" },
      { gramsPerUnit: "0" },
      { gramsPerUnit: "-1" },
      { gramsPerUnit: "1e3" },
      { gramsPerUnit: 78.4 },
      { validFrom: "2024-02-30" },
      { validFrom: "2024-1-1" },
      { validFrom: "1969-12-31" },
      { validTo: "2023-12-31" },
      { caps: {} },
      { caps: { unitsPerAct: "0" } },
      { title: "" },
      { title: " Metro" },
      { timeZone: "" },
    ];
    for (const change of bad)
      expect([change, toldCodeOf(() => parseMethodology({ ...metro, ...change }))]).toEqual([
        change,
        "methodology.malformed",
      ]);
    for (const value of [null, 1, "x", []])
      expect(toldCodeOf(() => parseMethodology(value))).toBe("methodology.malformed");
    expect(toldCodeOf(() => parseMethodology({ ...metro, title: "e\u0301" }))).toBe("json.not-nfc");
  });

  it("counts validity in whole days, both ends inclusive", () => {
    expect(validityDays({ validFrom: "1970-01-01", validTo: "1970-01-02" })).toEqual({ first: 0, last: 1 });
    expect(validityDays({ validFrom: "2024-02-29", validTo: "2026-01-01" })).toEqual({
      first: 19_782,
      last: 20_454,
    });
  });

  it("is a test methodology by its code, in any spelling", () => {
    expect([
      isTestMethodology({ code: "TEST-SG-BIKE" }),
      isTestMethodology({ code: "test-x" }),
      isTestMethodology({ code: "WUHAN-TEST-1" }),
    ]).toEqual([true, true, false]);
  });
});

describe("scenario classes", () => {
  it("have unique names and codes, and units that methodologies count in", () => {
    expect(new Set(SCENARIO_CLASSES.map(({ code }) => code)).size).toBe(SCENARIO_CLASSES.length);
    expect(new Set(SCENARIO_CLASSES.map(({ name }) => name)).size).toBe(SCENARIO_CLASSES.length);
    expect(SCENARIO_CLASSES.map(({ code, name, unit }) => `${String(code)} ${name} ${unit}`)).toEqual([
      "1 metro passenger-km",
      "2 bus trip",
      "3 bike km",
      "4 ev-charging kWh",
      "5 ev-travel km",
      "6 carpool passenger-km",
      "7 electricity-saving kWh",
      "8 clean-plate meal",
    ]);
  });

  it("exclude each other both ways", () => {
    for (const { name, excludes } of SCENARIO_CLASSES)
      for (const other of excludes) expect(scenarioClass(other).excludes).toContain(name);
    expect(scenarioClass("ev-charging").excludes).toEqual(["ev-travel"]);
  });

  it("are found by name and by code, or not", () => {
    expect(scenarioClass("bike")).toBe(scenarioClassOfCode(3));
    expect(scenarioClassOfCode(999)).toBeNull();
    for (const name of ["flying", "__proto__", "constructor"])
      expect(toldCodeOf(() => scenarioClass(name))).toBe("scenario.unknown");
  });
});
