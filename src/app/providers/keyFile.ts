import { createPrivateKey } from "node:crypto";
import { InputError } from "../../base/errors/errors.ts";
import { concatBytes, fromHex } from "../../base/lib/bytes.ts";
import { writeKeyFile } from "../../base/lib/files/writeKeyFile.ts";
import type { Randomness } from "../../base/lib/system.ts";
import { publicKeyOf, SEED_BYTES } from "../../format/ed25519.ts";
import { MAX_KEY_FILE_BYTES, readBounded } from "../../base/lib/files/readBounded.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";

/**
 * What stands before the 32 bytes of the seed in PKCS#8 (RFC 8410, section 7): so that openssl and others
 * read our key files, and we theirs.
 */
const PKCS8_HEAD = fromHex("0x302e020100300506032b657004220420");

/**
 * Makes a key pair. The private key goes into a new file that only its owner may read (PKCS#8, PEM); the
 * public one is answered.
 * @throws UsageError `file.unwritable`, also where the file is there already
 */
export async function newKeyFile(path: string, randomness: Randomness): Promise<Uint8Array> {
  const seed = randomness.bytes(SEED_BYTES);
  const der = Buffer.from(concatBytes(PKCS8_HEAD, seed));
  const pem = createPrivateKey({ key: der, format: "der", type: "pkcs8" }).export({
    format: "pem",
    type: "pkcs8",
  });
  await writeKeyFile(path, pem);
  return publicKeyOf(seed);
}

/**
 * The seed in a private key file: PKCS#8, PEM, Ed25519.
 * @throws UsageError `file.unreadable`; InputError `key-file.malformed`, without a word of what stands in it
 */
export async function readKeyFile(path: string): Promise<Uint8Array> {
  let pem: string;
  try {
    pem = (await readBounded(path, MAX_KEY_FILE_BYTES)).toString("utf8");
  } catch (cause) {
    throw fileUnreadable(`The key file ${path}`, cause);
  }
  let seed: string | undefined;
  try {
    const key = createPrivateKey(pem);
    seed = key.asymmetricKeyType === "ed25519" ? key.export({ format: "jwk" }).d : undefined;
  } catch {
    // The parser's error may hold parts of the key.
  }
  if (seed === undefined) {
    throw new InputError("key-file.malformed", `${path} holds no private Ed25519 key in PEM.`, {
      remedy: { act: "make-provider-key" },
    });
  }
  return new Uint8Array(Buffer.from(seed, "base64url"));
}
