import { createSecretKey, type KeyObject } from "node:crypto";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { concatBytes, utf8 } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";
import type { SaltKeyService } from "../../stages/dedupe/ports.ts";
import { seal, SEALING_NONCE_BYTES, unseal } from "./sealing.ts";

/**
 * Salt keys of subjects, sealed (AES-256-GCM) under `sealingSecret`, 32 bytes from the operator's data
 * folder. Real secrets on every network, the local one included.
 */
export function sealedSaltKeys(options: {
  sealingSecret: Uint8Array;
  randomness: Randomness;
}): SaltKeyService {
  const sealing = createSecretKey(options.sealingSecret);
  return {
    newSaltKey: () =>
      Promise.resolve(
        seal(sealing, options.randomness.bytes(SEALING_NONCE_BYTES), options.randomness.bytes(32)),
      ),
    leafSalts: (requests) =>
      Promise.resolve(
        requests.map(({ sealedSaltKey, closingId, activityKey }) =>
          hmac(
            sha256,
            unsealSaltKey(sealing, sealedSaltKey),
            concatBytes(utf8("microtonne/leaf-salt/1"), closingId, activityKey),
          ),
        ),
      ),
  };
}

function unsealSaltKey(secret: KeyObject, sealed: Uint8Array): Uint8Array {
  try {
    return unseal(secret, sealed);
  } catch (cause) {
    throw new CheckFailedError(
      "keys.unseal",
      "A stored salt key does not open with the sealing secret of this data folder: the folder's key " +
        "file was replaced or the row was altered.",
      { cause },
    );
  }
}
