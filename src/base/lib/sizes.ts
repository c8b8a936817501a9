/** Bytes of an EVM word: hashes, activity keys, subject keys, salts, public keys. */
export const WORD_BYTES = 32;
/** Bytes of a firm's id. */
export const FIRM_ID_BYTES = 16;
export const KIB = 2 ** 10;
export const MIB = 2 ** 20;
export const GIB = 2 ** 30;
