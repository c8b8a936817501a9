import { createCipheriv, createDecipheriv, createSecretKey, hkdfSync, type KeyObject } from "node:crypto";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { concatBytes, utf8 } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";

export const SEALING_NONCE_BYTES = 12;
export const SEALING_TAG_BYTES = 16;

/**
 * AES-256-GCM: nonce (12 bytes, never twice under one secret), ciphertext, tag (16). `boundTo` must be the
 * same when it is opened.
 */
export function seal(
  secret: KeyObject,
  nonce: Uint8Array,
  plain: Uint8Array,
  boundTo?: Uint8Array,
): Uint8Array {
  const cipher = createCipheriv("aes-256-gcm", secret, nonce);
  if (boundTo) cipher.setAAD(boundTo);
  return concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
}

/** @throws an error of node:crypto where secret, `boundTo` or the bytes are not those of `seal` */
export function unseal(secret: KeyObject, sealed: Uint8Array, boundTo?: Uint8Array): Uint8Array {
  const nonce = sealed.subarray(0, SEALING_NONCE_BYTES);
  // Without a length, a tag of four bytes would do.
  const decipher = createDecipheriv("aes-256-gcm", secret, nonce, { authTagLength: SEALING_TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(sealed.length - SEALING_TAG_BYTES));
  if (boundTo) decipher.setAAD(boundTo);
  return concatBytes(
    decipher.update(sealed.subarray(SEALING_NONCE_BYTES, sealed.length - SEALING_TAG_BYTES)),
    decipher.final(),
  );
}

/**
 * Keeps secrets that have to be read again, such as the keys that webhooks are signed with, out of the
 * database's reach.
 */
export interface Sealer {
  /** `boundTo` names the row that the secret belongs to, so that it opens in no other. */
  seal(plain: string, boundTo: string): Uint8Array;
  /** @throws CheckFailedError `keys.unseal` */
  unseal(sealed: Uint8Array, boundTo: string): string;
}

/**
 * A sealer for one purpose, under a key of its own that is derived from the deployment's sealing secret
 * (HKDF-SHA-256).
 * @param sealingSecret 32 bytes from the data folder
 */
export function sealer(sealingSecret: Uint8Array, purpose: string, randomness: Randomness): Sealer {
  const derived = hkdfSync(
    "sha256",
    sealingSecret,
    new Uint8Array(0),
    utf8(`microtonne/seal/${purpose}/1`),
    32,
  );
  const secret = createSecretKey(new Uint8Array(derived));
  return {
    seal: (plain, boundTo) => seal(secret, randomness.bytes(SEALING_NONCE_BYTES), utf8(plain), utf8(boundTo)),
    unseal: (sealed, boundTo) => {
      try {
        return new TextDecoder().decode(unseal(secret, sealed, utf8(boundTo)));
      } catch (cause) {
        throw new CheckFailedError(
          "keys.unseal",
          "A stored secret does not open with the sealing secret of this data folder: the folder's key " +
            "file was replaced or the row was altered.",
          { cause },
        );
      }
    },
  };
}
