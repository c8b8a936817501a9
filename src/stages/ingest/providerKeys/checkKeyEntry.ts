import { StateError } from "../../../base/errors/errors.ts";
import type { ProviderKey } from "../../../base/types/providerKey.ts";
import type { KeyEntry } from "../ports.ts";

/**
 * A key's entry is never changed: entering it again as it is does nothing, and anything else is refused.
 * @throws StateError `provider-key.exists` where it is here with another window or requirement, or revoked
 */
export function checkKeyEntry(entry: KeyEntry, stored: ProviderKey): void {
  if (
    stored.validFrom === entry.validFrom &&
    stored.validTo === entry.validTo &&
    stored.required === entry.required &&
    !stored.revocation
  )
    return;
  throw new StateError(
    "provider-key.exists",
    `${entry.provider} has this key here already, with another window or revoked. A key's entry is ` +
      "never changed: add a new key.",
  );
}
