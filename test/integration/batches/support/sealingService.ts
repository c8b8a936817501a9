import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { SaltKeyService } from "../../../../src/stages/dedupe/ports.ts";

/**
 * Salt keys as versions before derivation kept them: 32 random bytes for each holder, sealed by AES-256-GCM
 * under the folder's secret itself (nonce, ciphertext, tag: 60 bytes). Made of the platform's parts alone.
 */
export function sealingService(secret: Uint8Array): SaltKeyService {
  return {
    newSaltKeys: (_tenant, holders) =>
      Promise.resolve(
        holders.map(() => {
          const nonce = randomBytes(12);
          const cipher = createCipheriv("aes-256-gcm", secret, nonce);
          const sealed = [nonce, cipher.update(randomBytes(32)), cipher.final(), cipher.getAuthTag()];
          return new Uint8Array(Buffer.concat(sealed));
        }),
      ),
    leafSalts: ({ closingId }, leaves) =>
      Promise.resolve(
        leaves.map(({ storedSaltKey, activityKey }) => {
          const decipher = createDecipheriv("aes-256-gcm", secret, storedSaltKey.subarray(0, 12));
          decipher.setAuthTag(storedSaltKey.subarray(44));
          const key = Buffer.concat([decipher.update(storedSaltKey.subarray(12, 44)), decipher.final()]);
          const message = Buffer.concat([utf8("microtonne/leaf-salt/1"), closingId, activityKey]);
          return new Uint8Array(createHmac("sha256", key).update(message).digest());
        }),
      ),
  };
}
