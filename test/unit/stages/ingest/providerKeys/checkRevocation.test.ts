import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { providerKeyFault } from "../../../../../src/base/lib/providerKeyFault.ts";
import { providerId } from "../../../../../src/base/lib/ids.ts";
import type { ProviderKey, RevocationReason } from "../../../../../src/base/types/providerKey.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { checkRevocation } from "../../../../../src/stages/ingest/providerKeys/checkRevocation.ts";

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
const check = (before: Revocation | null, next: Revocation): void =>
  checkRevocation(stored(null), stored(before), next);
const isAllowed = (before: Revocation | null, next: Revocation): boolean => {
  try {
    check(before, next);
    return true;
  } catch {
    return false;
  }
};

describe("revoking a provider's key", () => {
  it("is refused where the key is not here", () => {
    expect(() => checkRevocation(stored(null), null, revoked("retired", 5))).toThrowError(
      expect.objectContaining({ code: "provider-key.unknown" }),
    );
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
    expect(() => check(before, next)).toThrowError(expect.objectContaining({ code: "provider-key.revoked" }));
  });

  const revocations = fc.record({
    reason: fc.constantFrom<RevocationReason>("retired", "compromised"),
    at: fc.nat(20),
  });
  it("never makes a compromised key good again for what was signed or arrived at any time", () => {
    fc.assert(
      fc.property(revocations, revocations, fc.nat(20), fc.nat(20), (first, second, at, arrivedAt) => {
        const [before, next] = [revoked(first.reason, first.at), revoked(second.reason, second.at)];
        const fault = (revocation: Revocation) =>
          providerKeyFault(stored(revocation), at as UnixSeconds, arrivedAt as UnixSeconds);
        const isLost = before.reason === "compromised" && fault(before) !== null;
        expect(isLost && isAllowed(before, next) && fault(next) === null).toBe(false);
      }),
    );
  });
});
