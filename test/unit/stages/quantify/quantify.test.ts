import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { QUANTIFY_SENTENCES } from "../../../../src/stages/quantify/reasonCodes.ts";
import { at, methodology, methodology2, record } from "./support/helpers.ts";

/** Milligrams, or the code of the refusal. */
function outcome(...args: Parameters<typeof quantifyDown>): bigint | string {
  const found = quantifyDown(...args);
  return isQuantified(found) ? found.milligrams : found.code;
}

describe("a reduction", () => {
  it.each([
    ["93.3", 2_500_000n, 233_250n],
    ["78.4", 12_400_000n, 972_160n],
    ["525", 1n, "reduction.zero"],
    ["525", 2n, 1n],
    ["0.0001", 1_000_000n, "reduction.zero"],
    ["0.001", 1_000_000n, 1n],
    ["409.4", 22_287_000n, 9_124_297n],
    ["1", 0n, "reduction.zero"],
    ["1", 2n ** 63n * 1000n, "reduction.too-large"],
    ["1", 2n ** 63n * 1000n - 1n, 2n ** 63n - 1n],
  ])("of %s g per unit and %i millionths is %s mg", (gramsPerUnit, quantity, expected) => {
    expect(outcome(record({ quantity }), methodology({ gramsPerUnit }))).toBe(expected);
  });

  it("counts no more than the cap per act", () => {
    const capped = methodology({ gramsPerUnit: "1", caps: { unitsPerAct: "2.5" } });
    expect(
      [1_000_000n, 2_500_000n, 2_500_001n, 10n ** 18n].map((quantity) =>
        outcome(record({ quantity }), capped),
      ),
    ).toEqual([1000n, 2500n, 2500n, 2500n]);
  });

  it("belongs to the day of the start in the methodology's zone, and the validity is in these days", () => {
    const last = record({ startedAt: at("2025-12-31T15:59:59Z") });
    expect(quantifyDown(last, methodology())).toMatchObject({ day: Date.parse("2025-12-31") / 86_400_000 });
    expect(outcome(record({ startedAt: at("2025-12-31T16:00:00Z") }), methodology())).toBe(
      "methodology.expired",
    );
    expect(quantifyDown(record({ startedAt: at("2024-12-31T16:00:00Z") }), methodology())).toMatchObject({
      day: Date.parse("2025-01-01") / 86_400_000,
    });
    expect(outcome(record({ startedAt: at("2024-12-31T15:59:59Z") }), methodology())).toBe(
      "methodology.expired",
    );
  });

  it("of no valid methodology speaks of when the act started: a minute refuses as a day does", () => {
    const early = methodology2({
      validTo: "2026-03-05T02:58Z",
      days: { first: "2025-01-01", last: "2026-03-05" },
    });
    const ride = record({ scenario: "ev-charging", unit: "kWh", startedAt: at("2026-03-05T02:58:00Z") });
    expect(quantifyDown(ride, early)).toMatchObject({
      code: "methodology.expired",
      sentence: expect.stringMatching(/none that was valid when the act started\.$/) as string,
    });
  });

  it("needs the methodology's own scenario and unit", () => {
    expect(quantifyDown(record({ scenario: "ev-travel" }), methodology())).toMatchObject({
      code: "methodology.none",
      field: "scenario",
    });
    expect(quantifyDown(record({ unit: "trip" }), methodology())).toEqual({
      code: "methodology.none",
      field: "unit",
      sentence: QUANTIFY_SENTENCES["methodology.none"],
    });
  });
});

describe("rounding", () => {
  const factor = fc
    .tuple(fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 99_999 }))
    .filter(([whole, fraction]) => whole + fraction > 0)
    .map(([whole, fraction]) => {
      const digits = String(fraction).padStart(5, "0").replace(/0+$/, "");
      return {
        text: digits === "" ? String(whole) : `${String(whole)}.${digits}`,
        scaled: BigInt(whole) * 100_000n + BigInt(fraction),
      };
    });
  const quantity = fc.oneof(fc.bigInt({ min: 0n, max: 10n ** 8n }), fc.bigInt({ min: 0n, max: 2n ** 53n }));
  const mass = (micro: bigint, text: string): bigint => {
    const found = quantifyDown(record({ quantity: micro }), methodology({ gramsPerUnit: text }));
    return isQuantified(found) ? found.milligrams : 0n;
  };

  it("is down, by less than a milligram", () => {
    fc.assert(
      fc.property(factor, quantity, ({ text, scaled }, micro) => {
        // Exact milligrams are micro * scaled * 1000 / (10^6 * 10^5).
        const exactTimes = micro * scaled;
        const down = mass(micro, text) * 10n ** 8n;
        expect(down <= exactTimes && exactTimes - down < 10n ** 8n).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("never pays for cutting an act in two, and costs at most one milligram", () => {
    fc.assert(
      fc.property(factor, quantity, quantity, ({ text }, a, b) => {
        const parts = mass(a, text) + mass(b, text);
        const whole = mass(a + b, text);
        expect(parts <= whole && whole <= parts + 1n).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("keeps order: more never saves less", () => {
    fc.assert(
      fc.property(factor, quantity, quantity, ({ text }, a, b) => {
        expect(mass(a < b ? a : b, text) <= mass(a < b ? b : a, text)).toBe(true);
      }),
    );
  });
});
