import type { ProviderKeyWindow, ProviderKey } from "../types/providerKey.ts";
import type { UnixSeconds } from "../types/quantities.ts";

export function isWithin({ validFrom, validTo }: ProviderKeyWindow, at: UnixSeconds): boolean {
  return at >= validFrom && (validTo === null || at < validTo);
}

/**
 * Whether a key is good for something signed at `at` that arrived at `arrivedAt`; null where it is. It must
 * have been valid at `at`, and not revoked by then. Whoever stole a key writes what time he likes into `at`,
 * so of a compromised key the arrival, by our own clock, must lie before the revocation too.
 * @param arrivedAt null where the arrival was at somebody else's: then only what the signature says is judged
 */
export function providerKeyFault(
  providerKey: ProviderKey,
  at: UnixSeconds,
  arrivedAt: UnixSeconds | null,
): "expired" | "revoked" | null {
  const { revocation } = providerKey;
  if (revocation) {
    const arrivedLate =
      revocation.reason === "compromised" && arrivedAt !== null && arrivedAt >= revocation.at;
    if (at >= revocation.at || arrivedLate) return "revoked";
  }
  return isWithin(providerKey, at) ? null : "expired";
}
