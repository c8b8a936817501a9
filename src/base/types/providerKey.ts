import type { ProviderId } from "./ids.ts";
import type { UnixSeconds } from "./quantities.ts";

/** When a provider's key may sign. */
export interface ProviderKeyWindow {
  /** The first second. */
  readonly validFrom: UnixSeconds;
  /**
   * The first second in which it is no longer valid, so that one key's end is the next one's beginning; null:
   * no end is fixed.
   */
  readonly validTo: UnixSeconds | null;
}

/**
 * `retired`: an orderly end. `compromised`: somebody else may have the key, and may write any time into what
 * it signs.
 */
export type RevocationReason = "retired" | "compromised";

/** A provider's Ed25519 key as one operator, or one verifier, knows it. */
export interface ProviderKey extends ProviderKeyWindow {
  readonly provider: ProviderId;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** From the first required key on, what the provider sends must be signed. */
  readonly required: boolean;
  readonly revocation: { readonly at: UnixSeconds; readonly reason: RevocationReason } | null;
}
