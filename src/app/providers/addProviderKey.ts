import { insertProviderKey, unsignedActsSince } from "../../adapters/storage/providers/providerKeys.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { isPublicKey, PUBLIC_KEY_BYTES } from "../../format/ed25519.ts";
import { checkKeyEntry } from "../../stages/ingest/providerKeys/checkKeyEntry.ts";
import type { Context } from "../context.ts";
import { describeProviderKey, type ProviderKeyDescription } from "./describeProviderKey.ts";

/**
 * Takes a provider's public key into this operator's, or verifier's, key book.
 * @throws UsageError `provider-key.malformed`, `provider-key.window`, `provider-key.unsigned-acts`;
 * StateError `provider-key.exists`
 */
export async function addProviderKey(
  context: Pick<Context, "db" | "tenant" | "clock">,
  request: {
    readonly provider: ProviderId;
    /** 0x and 64 hex digits. */
    readonly publicKey: string;
    /** Now if not given. */
    readonly validFrom: UnixSeconds | null;
    readonly validTo: UnixSeconds | null;
    readonly required: boolean;
  },
): Promise<ProviderKeyDescription> {
  const { provider, validTo, required } = request;
  const now = context.clock.now();
  const validFrom = request.validFrom ?? now;
  const publicKey = keyOf(request.publicKey);
  if (!isPublicKey(publicKey)) {
    throw new UsageError(
      "provider-key.malformed",
      "A public key is 0x and 64 hex digits of an Ed25519 point, as `microtonne provider key new` prints it.",
    );
  }
  if (validTo !== null && validTo <= validFrom)
    throw new UsageError("provider-key.window", "The key's end lies before its beginning.");
  const unsigned = required ? await unsignedActsSince(context.db, context.tenant, provider, validFrom) : 0;
  if (unsigned > 0) {
    throw new UsageError(
      "provider-key.unsigned-acts",
      `${String(unsigned)} unsigned acts of ${provider} lie in the key's window and are in no ` +
        "committed batch: verifiers that know the key would refuse them. Mint them first, let the key " +
        "begin later, or add it with --optional.",
    );
  }
  const key = { provider, publicKey, validFrom, validTo, required };
  await insertProviderKey(context.db, context.tenant, key, now, checkKeyEntry);
  return describeProviderKey({ ...key, revocation: null });
}

function keyOf(text: string): Uint8Array {
  return /^0x[0-9a-f]{64}$/i.test(text) ? fromHex(text, PUBLIC_KEY_BYTES) : new Uint8Array();
}
