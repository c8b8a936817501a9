import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bigEndian, compareBytes, fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { dayText, firstDayOf, utcText, yearOfDay } from "../../../../src/base/lib/time/calendar.ts";
import { formatDecimal, isMinimalDecimal, scaleDecimal } from "../../../../src/base/lib/decimal.ts";
import {
  formatTonnes,
  milligrams,
  parseTonnes,
  toBaseUnits,
  toMilligramsDown,
} from "../../../../src/base/lib/mass.ts";
import type { BaseUnits, Day } from "../../../../src/base/types/quantities.ts";

const mass = fc.bigInt(0n, 2n ** 63n - 1n);

describe("decimals", () => {
  it("come back as they were written, in the one shortest spelling", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 25n), fc.nat(9), (scaled, places) => {
        const text = formatDecimal(scaled, places);
        expect(isMinimalDecimal(text)).toBe(true);
        expect(scaleDecimal(text, places)).toBe(scaled);
      }),
    );
  });
  it.each(["", "1.", ".5", "-1", "+1", "1e3", "1,5", " 1", "0x1", "١"])("refuse %j", (text) => {
    expect(() => scaleDecimal(text, 9)).toThrowError(expect.objectContaining({ code: "decimal.malformed" }));
  });
  it("refuse digits that would be lost, and take zeros that would not", () => {
    expect(() => scaleDecimal("0.0000000001", 9)).toThrowError(
      expect.objectContaining({ code: "decimal.too-precise" }),
    );
    expect(scaleDecimal("1.5000000000", 9)).toBe(1_500_000_000n);
  });
  it.each(["1.50", "01", "1.", "-1", "1e3", ""])("call %j not minimal", (text) => {
    expect(isMinimalDecimal(text)).toBe(false);
  });
});

describe("masses", () => {
  it("are the same in tonnes, milligrams and base units", () => {
    expect(parseTonnes("2.62")).toBe(2_620_000_000n);
    expect(toBaseUnits(parseTonnes("1"))).toBe(10n ** 18n);
    fc.assert(
      fc.property(mass, (value) => {
        expect(parseTonnes(formatTonnes(milligrams(value)))).toBe(value);
        expect(toMilligramsDown(toBaseUnits(milligrams(value)))).toBe(value);
      }),
    );
  });
  it("lose what is below a milligram, never gain", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 27n), (amount) => {
        const whole = toBaseUnits(toMilligramsDown(amount as BaseUnits));
        expect(whole <= amount && amount - whole < 10n ** 9n).toBe(true);
      }),
    );
  });
  it.each([-1n, 2n ** 63n])("refuse %s mg", (value) => {
    expect(() => milligrams(value)).toThrowError(expect.objectContaining({ code: "mass.out-of-range" }));
  });
});

describe("bytes", () => {
  it("order as the numbers they are", () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 64n - 1n), fc.bigInt(0n, 2n ** 64n - 1n), (a, b) => {
        expect(Math.sign(compareBytes(bigEndian(a, 8), bigEndian(b, 8)))).toBe(a < b ? -1 : a > b ? 1 : 0);
        expect(BigInt(toHex(bigEndian(a, 8)))).toBe(a);
      }),
    );
  });
  it.each([["0x1"], ["1234"], ["0xzz"], ["0x"]])("refuse %j as 32 bytes of hex", (text) => {
    expect(() => fromHex(text, 32)).toThrowError(expect.objectContaining({ code: "hex.malformed" }));
  });
});

describe("days", () => {
  it("know their year, and a year its first day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1970, max: 9000 }), (year) => {
        expect(yearOfDay(firstDayOf(year))).toBe(year);
        expect(yearOfDay((firstDayOf(year + 1) - 1) as Day)).toBe(year);
        expect(dayText(firstDayOf(year))).toBe(`${String(year)}-01-01`);
      }),
    );
  });
  it("are shown as they are where no calendar holds them", () => {
    expect(utcText(2n ** 63n)).toBe("9223372036854775808 s");
  });
});
