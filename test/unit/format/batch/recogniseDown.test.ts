import fc from "fast-check";
import { expect, it } from "vitest";
import { gramsForClaimUp, recogniseDown } from "../../../../src/format/batch/recogniseDown.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";

const mg = (mass: bigint) => mass as Milligrams;

it("what is recognised of grams is rounded down, and whole without a discount", () => {
  expect(recogniseDown(mg(10_000n), 0)).toBe(10_000n);
  expect(recogniseDown(mg(10_000n), 1)).toBe(9_999n);
  expect(recogniseDown(mg(9_999n), 1)).toBe(9_998n);
  expect(recogniseDown(mg(3n), 5_000)).toBe(1n);
  expect(recogniseDown(mg(1n), 1)).toBe(0n);
  expect(recogniseDown(mg(10n ** 18n), 10_000)).toBe(0n);
});

it("the grams for a claim are the least of which it is recognised", () => {
  expect(gramsForClaimUp(mg(10_000n), 0)).toBe(10_000n);
  expect(gramsForClaimUp(mg(1n), 5_000)).toBe(2n);
  expect(gramsForClaimUp(mg(0n), 5_000)).toBe(0n);
  fc.assert(
    fc.property(fc.bigInt(1n, 10n ** 18n), fc.integer({ min: 0, max: 9_999 }), (claim, discount) => {
      const grams = gramsForClaimUp(mg(claim), discount);
      expect(recogniseDown(grams, discount)).toBeGreaterThanOrEqual(claim);
      expect(recogniseDown(mg(grams - 1n), discount)).toBeLessThan(claim);
    }),
  );
});
