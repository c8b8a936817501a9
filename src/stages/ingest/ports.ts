import type { ProviderKey } from "../../base/types/providerKey.ts";

/**
 * Room on disk for what memory must not hold: bytes are added at the end and read back from anywhere. Nobody
 * else can open it, and it is gone when it is closed or the process ends, as it may hold what identifies
 * people.
 */
export interface ScratchFile {
  /** Bytes added so far. */
  readonly size: number;
  append(bytes: Uint8Array): Promise<void>;
  /** `length` bytes from `position`, or fewer where the file ends. */
  read(position: number, length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Opens an empty scratch file. */
export type OpenScratch = () => Promise<ScratchFile>;

/** A key as it is entered: what is revoked is revoked later. */
export type KeyEntry = Omit<ProviderKey, "revocation">;

/** Throws unless a provider's key that is here as `stored` may be entered (again) as `entry`. */
export type CheckKeyEntry = (entry: KeyEntry, stored: ProviderKey) => void;

/** What of a provider's key a revocation changes. */
export type KeyEnd = Pick<ProviderKey, "validTo" | "revocation">;

/** How a provider's key, null where it is not here, ends by a revocation. Throws where it may not end so. */
export type DecideRevocation = (
  key: Pick<ProviderKey, "provider">,
  stored: ProviderKey | null,
  revocation: NonNullable<ProviderKey["revocation"]>,
) => KeyEnd;

/**
 * What is known of a provider's row: `act`: it is one of its own; `used`: it is part of one; `waiting`: it
 * was read, and no act came of it.
 */
export type SeenAs = "act" | "used" | "waiting";
