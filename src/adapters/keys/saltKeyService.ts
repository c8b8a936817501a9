import { createSecretKey, type KeyObject } from "node:crypto";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";
import { hmacOfEach } from "../../format/hmacOfEach.ts";
import type { SaltKeyService } from "../../stages/dedupe/ports.ts";
import { seal, SEALING_NONCE_BYTES, unseal } from "./sealing.ts";

const KEY_BYTES = 32;
const PURPOSE = utf8("microtonne/leaf-salt/1");
/** Purpose, closing id, activity key. */
const MESSAGE_BYTES = PURPOSE.length + 32 + 32;

/**
 * Salt keys of subjects, sealed (AES-256-GCM) under `sealingSecret`, 32 bytes from the operator's data
 * folder. Real secrets on every network, the local one included.
 */
export function saltKeyService(options: {
  sealingSecret: Uint8Array;
  randomness: Randomness;
}): SaltKeyService {
  const sealing = createSecretKey(options.sealingSecret);
  return {
    newSaltKeys: (count) => {
      // Asking for random bytes costs more than sealing them, so all come at once.
      const stride = SEALING_NONCE_BYTES + KEY_BYTES;
      const random = options.randomness.bytes(stride * count);
      const sealed = Array.from({ length: count }, (_, i) => {
        const [from, key, to] = [stride * i, stride * i + SEALING_NONCE_BYTES, stride * (i + 1)];
        return seal(sealing, random.subarray(from, key), random.subarray(key, to));
      });
      random.fill(0);
      return Promise.resolve(sealed);
    },
    leafSalts: (requests) => {
      const keys = new Uint8Array(KEY_BYTES * requests.length);
      const messages = new Uint8Array(MESSAGE_BYTES * requests.length);
      for (const [i, { storedSaltKey, closingId, activityKey }] of requests.entries()) {
        keys.set(unsealSaltKey(sealing, storedSaltKey), KEY_BYTES * i);
        messages.set(PURPOSE, MESSAGE_BYTES * i);
        messages.set(closingId, MESSAGE_BYTES * i + PURPOSE.length);
        messages.set(activityKey, MESSAGE_BYTES * i + PURPOSE.length + 32);
      }
      const salts = hmacOfEach(keys, messages, MESSAGE_BYTES);
      keys.fill(0);
      return Promise.resolve(requests.map((_, i) => salts.subarray(32 * i, 32 * (i + 1))));
    },
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
