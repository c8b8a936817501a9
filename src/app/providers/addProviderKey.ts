import { insertProviderKey, unsignedActsSince } from "../../adapters/storage/providers/providerKeys.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { PUBLIC_KEY_BYTES } from "../../format/ed25519.ts";
import { checkNewKey } from "../../stages/ingest/providerKeys/checkNewKey.ts";
import { isCommitted } from "../../stages/pool/isCommitted.ts";
import { checkKeyEntry } from "../../stages/ingest/providerKeys/checkKeyEntry.ts";
import type { Context } from "../context.ts";
import { describeProviderKey, type ProviderKeyDescription } from "./describeProviderKey.ts";
import { WORD32_ANY_CASE } from "../../base/lib/textPatterns.ts";

/**
 * Takes a provider's public key into this operator's, or verifier's, key book.
 * @throws UsageError as `checkNewKey`; StateError `provider-key.exists`
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
  const key = { provider, publicKey, validFrom, validTo, required };
  checkNewKey(key, 0);
  if (required) checkNewKey(key, await uncommittedActs(context, provider, validFrom));
  await insertProviderKey(context.db, context.tenant, key, now, checkKeyEntry);
  return describeProviderKey({ ...key, revocation: null });
}

/** Unsigned acts that end, or start, at a time or later and may still go into a commit. */
async function uncommittedActs(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  provider: ProviderId,
  since: UnixSeconds,
): Promise<number> {
  const unsigned = await unsignedActsSince(db, tenant, provider, since);
  return unsigned
    .filter(
      ({ disposition, state }) => disposition === "open" || (disposition === "pooled" && !isCommitted(state)),
    )
    .reduce((sum, { acts }) => sum + acts, 0);
}

function keyOf(text: string): Uint8Array {
  return WORD32_ANY_CASE.test(text) ? fromHex(text, PUBLIC_KEY_BYTES) : new Uint8Array();
}
