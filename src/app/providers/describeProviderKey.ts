import { utcText } from "../../base/lib/time/calendar.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { ProviderKey } from "../../base/types/providerKey.ts";
import { providerKeyId } from "../../format/signing/signedRecord.ts";

/** A provider's key for people and programs; times in ISO 8601. */
export interface ProviderKeyDescription {
  readonly provider: string;
  readonly keyId: Hex;
  readonly publicKey: Hex;
  readonly validFrom: string;
  /** Exclusive; null where no end is fixed. */
  readonly validTo: string | null;
  readonly required: boolean;
  readonly revokedAt: string | null;
  readonly reason: string | null;
}

export function describeProviderKey({
  provider,
  publicKey,
  validFrom,
  validTo,
  required,
  revocation,
}: ProviderKey): ProviderKeyDescription {
  return {
    provider,
    keyId: providerKeyId(publicKey),
    publicKey: toHex(publicKey),
    validFrom: utcText(validFrom),
    validTo: validTo === null ? null : utcText(validTo),
    required,
    revokedAt: revocation && utcText(revocation.at),
    reason: revocation && revocation.reason,
  };
}
