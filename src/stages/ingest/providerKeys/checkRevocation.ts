import { StateError, UsageError } from "../../../base/errors/errors.ts";
import type { ProviderKey } from "../../../base/types/providerKey.ts";

/**
 * A retired key may become compromised, and a compromised one may turn out to have been so earlier; nothing
 * else changes a revocation.
 * @throws UsageError `provider-key.unknown`; StateError `provider-key.revoked`
 */
export function checkRevocation(
  { provider }: Pick<ProviderKey, "provider">,
  stored: ProviderKey | null,
  { at, reason }: NonNullable<ProviderKey["revocation"]>,
): void {
  if (stored === null) {
    throw new UsageError(
      "provider-key.unknown",
      `${provider} has no such key here. \`microtonne provider key list\` shows all.`,
    );
  }
  const { revocation } = stored;
  if (revocation === null) return;
  if (reason === "compromised" && (revocation.reason === "retired" || revocation.at >= at)) return;
  throw new StateError(
    "provider-key.revoked",
    "The key is revoked already. Only an earlier time, or a compromise, can be added.",
  );
}
