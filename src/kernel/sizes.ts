/** Bytes of a hash: of keccak-256 and of SHA-256. */
export const HASH_BYTES = 32;
/** Bytes that a permutation of keccak-256 takes in. */
export const RATE = 136;
