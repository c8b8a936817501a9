import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { providerKeyFault } from "../../../../../src/base/lib/providerKeyFault.ts";
import { providerId } from "../../../../../src/base/lib/ids.ts";
import type { ProviderKey, RevocationReason } from "../../../../../src/base/types/providerKey.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { decideRevocation } from "../../../../../src/stages/ingest/providerKeys/decideRevocation.ts";
import { refusedFor } from "../../../../support/refusedFor.ts";

type Revocation = NonNullable<ProviderKey["revocation"]>;
const revoked = (reason: RevocationReason, at: number): Revocation => ({ reason, at: at as UnixSeconds });
const stored = (revocation: Revocation | null): ProviderKey => ({
  provider: providerId("metro"),
  publicKey: new Uint8Array(32),
  validFrom: 0 as UnixSeconds,
  validTo: null,
  required: true,
  revocation,
});
const decide = (before: Revocation | null, next: Revocation): ProviderKey => ({
  ...stored(before),
  ...decideRevocation(stored(null), stored(before), next),
});
const isAllowed = (before: Revocation | null, next: Revocation): boolean => {
  try {
    decide(before, next);
    return true;
  } catch {
    return false;
  }
};

describe("revoking a provider's key", () => {
  it("is refused where the key is not here", () => {
    expect(() => decideRevocation(stored(null), null, revoked("retired", 5))).toThrowError(
      refusedFor("provider-key.unknown"),
    );
  });

  it("ends the key so, whatever window it had", () => {
    const from = (validFrom: number, validTo: number | null, before: Revocation | null): ProviderKey => ({
      ...stored(before),
      validFrom: validFrom as UnixSeconds,
      validTo: validTo as UnixSeconds | null,
    });
    const ended = (key: ProviderKey, next: Revocation) => decideRevocation(key, key, next);
    const [retired, found] = [revoked("retired", 5), revoked("compromised", 9)];
    // Not revoked before: the window stays.
    expect(ended(from(0, null, null), retired)).toEqual({ validTo: null, revocation: retired });
    expect(ended(from(0, 7, null), found)).toEqual({ validTo: 7, revocation: found });
    // Compromised no later than it was retired: the retirement makes no difference any more.
    for (const at of [4, 5])
      expect(ended(from(0, 8, retired), revoked("compromised", at))).toEqual({
        validTo: 8,
        revocation: revoked("compromised", at),
      });
    expect(ended(from(0, 8, found), revoked("compromised", 3))).toEqual({
      validTo: 8,
      revocation: revoked("compromised", 3),
    });
    // Later than that: what the retirement took stays taken.
    expect(ended(from(0, null, retired), found)).toEqual({ validTo: 5, revocation: found });
    expect(ended(from(0, 8, retired), found)).toEqual({ validTo: 5, revocation: found });
    expect(ended(from(0, 5, retired), found)).toEqual({ validTo: 5, revocation: found });
    expect(ended(from(0, 4, retired), found)).toEqual({ validTo: 4, revocation: found });
    for (const validFrom of [5, 6])
      expect(ended(from(validFrom, 8, retired), found)).toEqual({
        validTo: 8,
        revocation: revoked("compromised", 5),
      });
  });

  it("may be done once, and be made graver: a compromise at any time, or an earlier one", () => {
    const graver: [Revocation | null, Revocation][] = [
      [null, revoked("retired", 5)],
      [null, revoked("compromised", 5)],
      ...[4, 5, 6].map((at): [Revocation, Revocation] => [revoked("retired", 5), revoked("compromised", at)]),
      ...[4, 5].map((at): [Revocation, Revocation] => [
        revoked("compromised", 5),
        revoked("compromised", at),
      ]),
    ];
    for (const [before, next] of graver) expect(isAllowed(before, next)).toBe(true);
  });

  it.each<[Revocation, Revocation]>([
    [revoked("retired", 5), revoked("retired", 5)],
    [revoked("retired", 5), revoked("retired", 4)],
    [revoked("compromised", 5), revoked("retired", 4)],
    [revoked("compromised", 5), revoked("compromised", 6)],
  ])("is never undone or put off: %o, then %o", (before, next) => {
    expect(() => decide(before, next)).toThrowError(refusedFor("provider-key.revoked"));
  });

  const moments = fc.nat(20).map((at) => at as UnixSeconds);
  const revocations = fc.record({
    reason: fc.constantFrom<RevocationReason>("retired", "compromised"),
    at: moments,
  });
  it("never makes a key good again for what was signed or arrived at any time", () => {
    const windows = fc
      .record({ validFrom: moments, length: fc.option(fc.integer({ min: 1, max: 20 })) })
      .map(({ validFrom, length }) => ({
        validFrom,
        validTo: length === null ? null : ((validFrom + length) as UnixSeconds),
      }));
    fc.assert(
      fc.property(
        windows,
        revocations,
        revocations,
        moments,
        fc.option(moments),
        (window, first, second, at, arrivedAt) => {
          const before: ProviderKey = { ...stored(first), ...window };
          fc.pre(isAllowed(first, second));
          const after: ProviderKey = { ...before, ...decideRevocation(before, before, second) };
          const wasGood = providerKeyFault(before, at, arrivedAt) === null;
          const isGood = providerKeyFault(after, at, arrivedAt) === null;
          expect(isGood && !wasGood).toBe(false);
          expect(after.validTo ?? after.validFrom + 1).toBeGreaterThan(after.validFrom);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it("keeps the retired key's end where the compromise is dated later, and takes nothing more", () => {
    const key = decide(revoked("retired", 5), revoked("compromised", 8));
    const [signedBefore, signedAfter] = [4, 5] as UnixSeconds[] as [UnixSeconds, UnixSeconds];
    expect(providerKeyFault(key, signedBefore, 7 as UnixSeconds)).toBeNull();
    expect(providerKeyFault(key, signedBefore, 8 as UnixSeconds)).toBe("revoked");
    expect(providerKeyFault(key, signedAfter, null)).toBe("expired");
  });

  it("of a key retired before its window began leaves nothing good", () => {
    const key: ProviderKey = { ...stored(revoked("retired", 5)), validFrom: 10 as UnixSeconds };
    expect(decideRevocation(key, key, revoked("compromised", 12))).toEqual({
      validTo: null,
      revocation: revoked("compromised", 5),
    });
  });
});
