import { providerKeys, endProviderKey } from "../../adapters/storage/providers/providerKeys.ts";
import { freeAssetMonths } from "../../adapters/storage/reductions/freeAssetMonths.ts";
import { freeCapUse } from "../../adapters/storage/reductions/freeCapUse.ts";
import { revokedRecords } from "../../adapters/storage/providers/revokedRecords.ts";
import { UnknownError } from "../../base/errors/errors.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { RevocationReason } from "../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";
import { openCapUse } from "../../stages/dedupe/openCapUse.ts";
import { decideRevocation } from "../../stages/ingest/providerKeys/decideRevocation.ts";
import { revocationTime } from "../../stages/ingest/providerKeys/revocationTime.ts";
import type { Context } from "../context.ts";
import { describeProviderKey, type ProviderKeyDescription } from "./describeProviderKey.ts";

/** Shorter beginnings of a key id than this name nothing. */
const MIN_DIGITS = 4;

export interface Revoked {
  readonly key: ProviderKeyDescription;
  /** Records here that arrived after a compromise: open ones are left out of every closing. */
  readonly open: number;
  /** Such records that were redeemed, donated or are being closed. */
  readonly elsewhere: number;
  /** Such records in batches: for recalls. */
  readonly batches: readonly {
    readonly batchId: string;
    readonly records: number;
    readonly milligrams: string;
  }[];
}

/**
 * Revokes a provider's key, by its id or the first digits of it, and says which records that concerns.
 * @throws UsageError `provider-key.unknown`, `provider-key.time` for an orderly end that is not ahead or a
 * compromise that is; StateError `provider-key.revoked`
 */
export async function revokeProviderKey(
  { db, tenant, clock }: Pick<Context, "db" | "tenant" | "clock">,
  request: {
    readonly provider: ProviderId;
    readonly keyId: string;
    readonly reason: RevocationReason;
    /** If not given: now; of a retired key, when clocks that are ahead of ours are past now. */
    readonly at: UnixSeconds | null;
  },
): Promise<Revoked> {
  const { provider, reason } = request;
  const at = revocationTime(reason, request.at, clock.now());
  const digits = request.keyId.toLowerCase().replace(/^0x/, "");
  const found = (await providerKeys(db, tenant, provider)).filter(({ publicKey }) =>
    providerKeyId(publicKey).slice(2).startsWith(digits),
  );
  const [key] = found;
  if (!key || found.length > 1 || digits.length < MIN_DIGITS) {
    throw new UnknownError("provider-key.unknown", `${provider} has not one key here whose id begins so.`, {
      remedy: { act: "list-provider-keys" },
    });
  }
  const { publicKey } = key;
  const end = await endProviderKey(
    db,
    tenant,
    provider,
    publicKey,
    { at, reason },
    decideRevocation,
    async (tx, { revocation }, before) => {
      // Nothing becomes of what arrived after the compromise; what an earlier word freed is not freed twice.
      if (revocation?.reason !== "compromised") return;
      const until = before?.reason === "compromised" ? before.at : null;
      const dropped = { provider, publicKey, from: revocation.at, before: until };
      await freeAssetMonths(tx, tenant, dropped);
      await freeCapUse(tx, tenant, dropped, openCapUse);
    },
  );
  const { open, elsewhere, batches } = await revokedRecords(db, tenant, provider, key.publicKey);
  return {
    key: describeProviderKey({ ...key, ...end }),
    open,
    elsewhere,
    batches: batches.map((batch) => ({ ...batch, milligrams: batch.milligrams.toString() })),
  };
}
