import { UsageError } from "../../../base/errors/errors.ts";
import { isPublicKey } from "../../../format/ed25519.ts";
import type { KeyEntry } from "../ports.ts";

/**
 * Whether a key may be taken into a key book.
 * @param unsignedActs unsigned acts of the provider in the key's window that are in no committed batch
 * @throws UsageError `provider-key.malformed`, `provider-key.window`; `provider-key.unsigned-acts` where the
 * key is required and verifiers that know it would refuse those acts
 */
export function checkNewKey(
  { provider, publicKey, validFrom, validTo, required }: KeyEntry,
  unsignedActs: number,
): void {
  if (!isPublicKey(publicKey)) {
    throw new UsageError(
      "provider-key.malformed",
      "A public key is 0x and 64 hex digits of an Ed25519 point.",
      { remedy: { act: "make-provider-key" } },
    );
  }
  if (validTo !== null && validTo <= validFrom)
    throw new UsageError("provider-key.window", "The key's end lies before its beginning.");
  if (required && unsignedActs > 0) {
    throw new UsageError(
      "provider-key.unsigned-acts",
      `${String(unsignedActs)} unsigned acts of ${provider} lie in the key's window and are in no ` +
        "committed batch: verifiers that know the key would refuse them. Mint them first, or let the key " +
        "begin later.",
      { remedy: { act: "admit-unsigned-acts" } },
    );
  }
}
