import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decimalOfFloatNearest } from "../../../../../src/stages/ingest/rows/decimalOfFloatNearest.ts";

describe("a float's text", () => {
  it.each([
    ["4.5999999999999996", "4.6"],
    ["8.1999999999999993", "8.2"],
    ["20", "20"],
    ["4.60", "4.60"],
    ["-4.5999999999999996", "-4.6"],
    ["1e3", "1e3"],
    ["0.10000000000000001", "0.1"],
    ["0.000012345678901234567", "0.0000123456789012346"],
    ["2.0250601080000001E+17", "2.02506010800000E+17".replace("00000E", "E")],
    ["202506010800000012", "202506010800000012"],
    ["999999999999999.9", "1E+15"],
    ["#DIV/0!", "#DIV/0!"],
    ["", ""],
  ])("%s is %s", (text, decimal) => {
    expect(decimalOfFloatNearest(text)).toBe(decimal);
  });

  it("is the decimal of up to 15 digits that it was made of", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999_999_999_999 }),
        fc.integer({ min: 1, max: 9 }),
        (digits, places) => {
          const meant = digits / 10 ** places;
          fc.pre(meant >= 0.001);
          expect(Number(decimalOfFloatNearest(meant.toPrecision(17)))).toBe(meant);
        },
      ),
    );
  });
});
