import { ed25519 } from "@noble/curves/ed25519.js";
import { InputError } from "../base/errors/errors.ts";

/** Bytes of a public key. */
export const PUBLIC_KEY_BYTES = 32;
/** Bytes of a secret seed. */
export const SEED_BYTES = 32;
/** Bytes of a signature. */
export const SIGNATURE_BYTES = 64;

/**
 * Ed25519 (RFC 8032). Every such signature of the format goes through this file, so that the
 * implementation can be exchanged in one place.
 * @throws InputError `key.length` where the seed has not 32 bytes
 */
export function publicKeyOf(seed: Uint8Array): Uint8Array {
  return ed25519.getPublicKey(checkedSeed(seed));
}

/** The 64 bytes of a signature; the same for the same seed and message. @throws as `publicKeyOf` */
export function signEd25519(message: Uint8Array, seed: Uint8Array): Uint8Array {
  return ed25519.sign(message, checkedSeed(seed));
}

/**
 * Whether a signature holds, by the strict rules of RFC 8032 and FIPS 186-5 (not ZIP 215): one encoding of
 * each point and scalar, no key of small order. So a signature is good for one message and one key only,
 * which is what makes it evidence. Malformed ones are false, like wrong ones.
 */
export function verifyEd25519(signature: Uint8Array, message: Uint8Array, publicKey: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES || publicKey.length !== PUBLIC_KEY_BYTES) return false;
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

/**
 * Whether these bytes are a key that somebody can hold: a point in its one encoding, and not of small order.
 */
export function isPublicKey(bytes: Uint8Array): boolean {
  if (bytes.length !== PUBLIC_KEY_BYTES) return false;
  try {
    return !ed25519.Point.fromBytes(bytes, false).isSmallOrder();
  } catch {
    return false;
  }
}

function checkedSeed(seed: Uint8Array): Uint8Array {
  if (seed.length === SEED_BYTES) return seed;
  throw new InputError(
    "key.length",
    `A secret seed of Ed25519 has ${String(SEED_BYTES)} bytes, not ${String(seed.length)}.`,
  );
}
