import { StateError, UnknownError } from "../../../base/errors/errors.ts";
import type { ProviderKey } from "../../../base/types/providerKey.ts";
import type { KeyEnd } from "../ports.ts";

/**
 * How a key ends. A retired key may become compromised, and a compromised one may turn out to have been so
 * earlier; nothing else changes a revocation. A compromise gives nothing back that the retirement took:
 * the retired key's end stays as the end of its window, or becomes the compromise's time where the window had
 * not begun by then.
 * @throws UnknownError `provider-key.unknown`; StateError `provider-key.revoked`
 */
export function decideRevocation(
  { provider }: Pick<ProviderKey, "provider">,
  stored: ProviderKey | null,
  next: NonNullable<ProviderKey["revocation"]>,
): KeyEnd {
  if (stored === null) {
    throw new UnknownError("provider-key.unknown", `${provider} has no such key here.`, {
      remedy: { act: "list-provider-keys" },
    });
  }
  const { revocation, validFrom, validTo } = stored;
  if (revocation === null) return { validTo, revocation: next };
  if (next.reason !== "compromised" || (revocation.reason === "compromised" && revocation.at < next.at)) {
    throw new StateError(
      "provider-key.revoked",
      "The key is revoked already. Only an earlier time, or a compromise, can be added.",
    );
  }
  if (revocation.reason === "compromised" || revocation.at >= next.at) return { validTo, revocation: next };
  return revocation.at > validFrom
    ? { validTo: validTo !== null && validTo < revocation.at ? validTo : revocation.at, revocation: next }
    : { validTo, revocation: { at: revocation.at, reason: "compromised" } };
}
