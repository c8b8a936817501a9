import { keccak_256 } from "@noble/hashes/sha3.js";

/**
 * keccak-256. Every hash of the format goes through this file, so that the implementation can be exchanged in
 * one place.
 */
export function keccak(bytes: Uint8Array): Uint8Array {
  return keccak_256(bytes);
}

/** A keccak-256 that is fed piece by piece. */
export interface KeccakStream {
  update(bytes: Uint8Array): unknown;
  /** Ends the stream. */
  digest(): Uint8Array;
}

/** keccak-256 over bytes that don't fit into memory at once. */
export function keccakStream(): KeccakStream {
  return keccak_256.create();
}
