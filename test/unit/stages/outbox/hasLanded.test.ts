import { describe, expect, it } from "vitest";
import { hasLanded } from "../../../../src/stages/outbox/hasLanded.ts";

const planned = { kinds: 5, country: "0x434e", expiry: 0n, allowed: true };

describe("an intent's effect on chain", () => {
  it("has landed where each planned term is shown, whatever is shown besides", () => {
    expect(hasLanded({ planned, shown: { ...planned, status: 2 } })).toBe(true);
  });

  it.each([{ kinds: 4 }, { country: "0x5347" }, { expiry: 1n }, { allowed: false }, { expiry: 0 }])(
    "has not where another term is shown: %o",
    (change) => {
      expect(hasLanded({ planned, shown: { ...planned, ...change } })).toBe(false);
    },
  );

  it("has not where a term is not shown, or nothing is", () => {
    const { expiry: _expiry, ...rest } = planned;
    expect(hasLanded({ planned, shown: rest })).toBe(false);
    expect(hasLanded({ planned, shown: {} })).toBe(false);
    expect(hasLanded({ isThere: false })).toBe(false);
  });

  it("has not where nothing was planned: a caller that forgot the terms is not told yes", () => {
    expect(hasLanded({ planned: {}, shown: {} })).toBe(false);
    expect(hasLanded({ planned: {}, shown: planned })).toBe(false);
  });

  it("has landed where it is enough that there is something", () => {
    expect(hasLanded({ isThere: true })).toBe(true);
  });

  it("is read from hex, however that is spelled, and from words as they are", () => {
    expect(hasLanded({ planned: { hash: "0xAbCd" }, shown: { hash: "0xaBcD" } })).toBe(true);
    expect(hasLanded({ planned: { name: "Metro" }, shown: { name: "metro" } })).toBe(false);
  });
});
