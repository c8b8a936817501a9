import { fromHex } from "../../../base/lib/bytes.ts";
import { utcText } from "../../../base/lib/time/calendar.ts";
import { providerKeyFault } from "../../../base/lib/providerKeyFault.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import type { ProviderKey } from "../../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { verifyEd25519 } from "../../../format/ed25519.ts";
import { fileStatementMessage, type FileSignature } from "../../../format/signing/fileSignature.ts";
import { providerKeyId } from "../../../format/signing/signedRecord.ts";
import { MAX_AHEAD_SECONDS } from "./signingClock.ts";
import { signatureRefusal } from "./signatureRefusal.ts";

/**
 * The public key (32 bytes) behind a file's signature, among the provider's keys here, if the signature is
 * its own and it may sign now.
 * @param maxAgeDays how old a signature may be
 * @throws CheckFailedError `signature.key-unknown`, `signature.invalid`, `signature.future`,
 * `signature.stale`, `signature.key-expired`, `signature.key-revoked`
 */
export function fileSigningKey(
  signature: FileSignature,
  keys: readonly ProviderKey[],
  now: UnixSeconds,
  maxAgeDays: number,
): Uint8Array {
  const { provider, keyId, signedAt } = signature;
  const key = keys.find(({ publicKey }) => providerKeyId(publicKey) === keyId);
  if (!key) {
    throw signatureRefusal(
      "key-unknown",
      `${provider} has no key ${keyId} here`,
      "The provider says whether the key is its own",
      { act: "add-provider-key" },
    );
  }
  if (!verifyEd25519(fromHex(signature.signature), fileStatementMessage(signature), key.publicKey)) {
    throw signatureRefusal(
      "invalid",
      `the signature is not one of key ${keyId} over this statement`,
      "Ask the provider for the .sig.json again",
    );
  }
  if (signedAt > now + MAX_AHEAD_SECONDS) {
    throw signatureRefusal(
      "future",
      `it was signed at ${utcText(signedAt)}, which is still to come`,
      "One of the two clocks is wrong",
    );
  }
  if (signedAt < now - maxAgeDays * SECONDS_PER_DAY) {
    throw signatureRefusal(
      "stale",
      `it was signed at ${utcText(signedAt)}, more than ${String(maxAgeDays)} days ago`,
      "Ask the provider to sign it anew",
    );
  }
  const fault = providerKeyFault(key, signedAt, now);
  if (fault === "expired") {
    throw signatureRefusal(
      "key-expired",
      `its key ${keyId} was not valid at ${utcText(signedAt)}`,
      "Ask the provider to sign it with a key that is",
    );
  }
  if (fault === "revoked") {
    throw signatureRefusal(
      "key-revoked",
      `its key ${keyId} is revoked`,
      "Ask the provider to sign it with another key",
    );
  }
  return key.publicKey;
}
