import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseInstant } from "../../../../src/base/lib/time/parseInstant.ts";
import { isWithin, providerKeyFault } from "../../../../src/base/lib/providerKeyFault.ts";
import type { ProviderKey, RevocationReason } from "../../../../src/base/types/providerKey.ts";

const key = (reason?: RevocationReason, validTo: number | null = 200): ProviderKey => ({
  provider: "metro" as never,
  publicKey: new Uint8Array(32),
  validFrom: 100 as never,
  validTo: validTo as never,
  required: true,
  revocation: reason ? { at: 150 as never, reason } : null,
});
const judge = (one: ProviderKey, at: number, arrivedAt: number | null = at) =>
  providerKeyFault(one, at as never, arrivedAt as never);

describe("a provider's key", () => {
  it("is valid from its first second up to its end, which is the next key's beginning", () => {
    expect([99, 100, 199, 200].map((at) => judge(key(), at))).toEqual(["expired", null, null, "expired"]);
    expect(judge(key(undefined, null), 1e9)).toBeNull();
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1000), fc.nat(1000), fc.nat(1000), (a, b, c, at) => {
        const [from, turn, to] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number];
        const windows = [
          { validFrom: from, validTo: turn },
          { validFrom: turn, validTo: to },
        ];
        expect(windows.filter((window) => isWithin(window as never, at as never))).toHaveLength(
          at >= from && at < to ? 1 : 0,
        );
      }),
    );
  });

  it("that is retired stays good for what it signed before, whenever that arrives", () => {
    expect([
      judge(key("retired"), 149, 9999),
      judge(key("retired"), 150),
      judge(key("retired"), 151, 9999),
    ]).toEqual([null, "revoked", "revoked"]);
  });

  it("that is compromised is good for nothing that arrives later, whatever time it says", () => {
    expect([judge(key("compromised"), 149, 149), judge(key("compromised"), 101, 150)]).toEqual([
      null,
      "revoked",
    ]);
    expect([judge(key("compromised"), 149, null), judge(key("compromised"), 150, null)]).toEqual([
      null,
      "revoked",
    ]);
  });
});

describe("instants that people write", () => {
  it.each([
    ["1970-01-01", 0],
    ["2026-03-01", 1_772_323_200],
    ["2026-03-01T08:00:00+08:00", 1_772_323_200],
    ["2026-03-01T00:00Z", 1_772_323_200],
  ])("%s", (text, seconds) => {
    expect(parseInstant(text)).toBe(seconds);
  });
  it.each([
    "2026-02-31",
    "2026-3-1",
    "2026-03-01T08:00:00",
    "1969-12-31",
    "tomorrow",
    "1772323200",
    "2026-13-01",
  ])("%s is none", (text) => {
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: "time.malformed" }) as never);
  });
});
