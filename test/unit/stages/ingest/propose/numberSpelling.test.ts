import { describe, expect, it } from "vitest";
import { numberSpelling } from "../../../../../src/stages/ingest/propose/numberSpelling.ts";

const PLAIN = { numbers: null, units: null, ambiguous: false };

describe("how a column writes its numbers", () => {
  it.each(["0", "7", "+7", "-7", "7.", ".5", "-.5", "7.25", "1e3", "1.5E-12", "1e+5"])(
    "%s is plain",
    (text) => {
      expect(numberSpelling([text, "1"], ",")).toEqual(PLAIN);
    },
  );

  it.each(["", "x", "1e", "1e123", "1x", "x1", ".", "1 furlong", "1.2.3.x", "--1", "1-2", "1 km 2 km"])(
    "%j is no number",
    (text) => {
      expect(numberSpelling([text], ",")).toBeNull();
      expect(numberSpelling(["1", text], ",")).toBeNull();
    },
  );

  it("of no values is none", () => {
    expect(numberSpelling([], ",")).toBeNull();
  });

  it.each([
    [["1,5", "2,25"], ";", { decimal: ",", group: null }, false],
    [["1,234.5", "12.5"], ",", { decimal: ".", group: "," }, false],
    [["1.234,5", "12,5"], ";", { decimal: ",", group: "." }, false],
    [["1 234,5", "12,5"], ";", { decimal: ",", group: " " }, false],
    [["1 234.5", "12.5"], ";", { decimal: ".", group: " " }, false],
    [["1'234.5", "12.5"], ",", { decimal: ".", group: "'" }, false],
    // Either a fraction or thousands.
    [["1,234"], ",", { decimal: ".", group: "," }, true],
    [["1,234"], null, { decimal: ".", group: "," }, true],
    [["1,234"], ";", { decimal: ",", group: null }, true],
    [["-1,5"], ";", { decimal: ",", group: null }, false],
  ] as const)("%j beside %j is read with %j", (values, delimiter, numbers, ambiguous) => {
    expect(numberSpelling(values, delimiter)).toEqual({ numbers, units: null, ambiguous });
  });

  it.each([
    ["km", "km"],
    ["km.", "km"],
    ["Kms", "km"],
    ["公里", "km"],
    ["千米", "km"],
    ["m", "m"],
    ["米", "m"],
    ["mi", "mi"],
    ["mile", "mi"],
    ["miles", "mi"],
    ["kWh", "kWh"],
    ["kW·h", "kWh"],
    ["度", "kWh"],
    ["千瓦时", "kWh"],
    ["Wh", "Wh"],
    ["MWh", "MWh"],
  ])("a word behind is a unit: %s is %s", (word, unit) => {
    for (const text of [`1.5 ${word}`, `12${word}`, `-3  ${word}`])
      expect(numberSpelling([text], ",")).toEqual({
        numbers: null,
        units: { [word]: unit },
        ambiguous: false,
      });
  });

  it("may be several units, and numbers with marks before them", () => {
    expect(numberSpelling(["900 m", "1.5 km"], ",")).toEqual({
      numbers: null,
      units: { m: "m", km: "km" },
      ambiguous: false,
    });
    expect(numberSpelling(["1,5 km", "2,25 km"], ";")).toEqual({
      numbers: { decimal: ",", group: null },
      units: { km: "km" },
      ambiguous: false,
    });
    // One that has no unit has none to be read with.
    expect(numberSpelling(["1.5 km", "2"], ",")).toBeNull();
    expect(numberSpelling(["1 constructor"], ",")).toBeNull();
  });
});
