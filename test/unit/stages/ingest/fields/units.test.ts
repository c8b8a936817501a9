import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../../../../../src/base/errors/errors.ts";
import { quantityReader } from "../../../../../src/stages/ingest/fields/units.ts";

describe("quantities become millionths of a unit", () => {
  it.each([
    ["234.515360", "m", "km", 234_515],
    ["1", "mi", "km", 1_609_344],
    ["13830", "Wh", "kWh", 13_830_000],
    ["3.6", "MJ", "kWh", 1_000_000],
    ["1", "MJ", "kWh", 277_777],
    ["0.0000019", "kWh", "kWh", 1],
    ["1e3", "Wh", "kWh", 1_000_000],
    ["1.5E-2", "kWh", "kWh", 15_000],
    ["+7", "km", "passenger-km", 7_000_000],
    [".5", "km", "km", 500_000],
    ["-0", "km", "km", 0],
    ["00012", "trip", "trip", 12_000_000],
  ] as const)("%s %s is %i of %s", (text, from, to, micro) => {
    expect(quantityReader(from, to)(text)).toBe(micro);
  });

  it.each([
    ["-0.000001", "negative"],
    ["-60.81", "negative"],
    ["", "malformed"],
    [".", "malformed"],
    ["1,5", "malformed"],
    ["12 kWh", "malformed"],
    ["0x10", "malformed"],
    ["NaN", "malformed"],
    ["Infinity", "malformed"],
    ["1e999", "malformed"],
    ["١٢", "malformed"],
    ["9007199254.740992", "too-large"],
    ["1e30", "too-large"],
    ["9".repeat(30), "too-large"],
  ])("%j is %s", (text, problem) => {
    expect(quantityReader("kWh", "kWh")(text)).toBe(problem);
  });

  it("takes the largest safe integer", () => {
    expect(quantityReader("km", "km")("9007199254.740991")).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("is the exact value rounded down, whatever the digits", () => {
    const ratios = { m: [1n, 1000n], km: [1n, 1n], mi: [1_609_344n, 1_000_000n] } as const;
    const digits = fc.stringMatching(/^[0-9]{1,12}$/);
    fc.assert(
      fc.property(
        fc.constantFrom("m", "km", "mi"),
        digits,
        fc.stringMatching(/^[0-9]{0,12}$/),
        fc.constantFrom(0, 0, 0, -6, -1, 3, 6),
        (unit, whole, fraction, exponent) => {
          const [times, per] = ratios[unit];
          // value = whole+fraction * 10^(exponent - places); compared as fractions, nothing rounded.
          const numerator = BigInt(whole + fraction) * times * 10n ** BigInt(6 + 20 + exponent);
          const denominator = per * 10n ** BigInt(20 + fraction.length);
          const exact = numerator / denominator;
          const suffix = exponent === 0 ? "" : `e${String(exponent)}`;
          const read = quantityReader(
            unit,
            "km",
          )(`${whole}${fraction === "" ? "" : `.${fraction}`}${suffix}`);
          expect(read).toBe(exact > BigInt(Number.MAX_SAFE_INTEGER) ? "too-large" : Number(exact));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

it.each([
  ["m", "kWh"],
  ["furlong", "km"],
  ["constructor", "km"],
  ["km", "trip"],
] as const)("there is no way from %s to %s", (from, to) => {
  expect(() => quantityReader(from, to)).toThrow(InputError);
});
