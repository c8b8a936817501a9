/**
 * Identifiers that must never be mistaken for one another or for plain text. Constructors with checks:
 * `base/lib/ids.ts`.
 */

declare const brand: unique symbol;
/** A value of type `T` that only its own constructor hands out. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Lower-case hex with 0x. */
export type Hex = `0x${string}`;
/** 20-byte account or contract address, any case. */
export type Address = Hex;

/** One pooling operator. `[a-z0-9-]{2,32}`. Every stored row belongs to one. */
export type TenantId = Brand<string, "TenantId">;
/** One reporting platform; global across operators. `[a-z0-9-]{2,64}`. */
export type ProviderId = Brand<string, "ProviderId">;
/** Region of a methodology and of a batch. `[A-Z0-9]{2,8}`. */
export type RegionCode = Brand<string, "RegionCode">;
/** keccak-256 of the manifest bytes, 0x + 64 hex digits; as an integer it is the ERC-1155 id. */
export type BatchId = Brand<Hex, "BatchId">;
/** keccak-256 of the canonical methodology version, 0x + 64 hex digits. */
export type MethodologyId = Brand<Hex, "MethodologyId">;
/** keccak-256(abi.encode(retirer, nonce)), 0x + 64 hex digits; as an integer it is the certificate id. */
export type RetirementId = Brand<Hex, "RetirementId">;

/** 32 bytes that say "same person" to operators and nobody else; never published. */
export type SubjectKey = Brand<Uint8Array, "SubjectKey">;
/** 32 bytes that say "same act" in a published batch. */
export type ActivityKey = Brand<Uint8Array, "ActivityKey">;
