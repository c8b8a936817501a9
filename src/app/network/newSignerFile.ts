import { open } from "node:fs/promises";
import { encryptKeyFile } from "../../adapters/chain/signing/keyFile.ts";
import { localSigner } from "../../adapters/chain/signers.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";
import type { Address } from "../../base/types/ids.ts";
import { readPassword } from "../chain/openSigner.ts";

/**
 * Makes an account's key and places it, encrypted, in a new file that only its owner may read; answers the
 * account.
 * @throws UsageError `file.unwritable`, also where the file is there already; as `readPassword`
 */
export async function newSignerFile(
  path: string,
  passwordFile: string,
  randomness: Randomness,
): Promise<Address> {
  const password = await readPassword(passwordFile);
  const privateKey = toHex(randomness.bytes(32));
  const text = await encryptKeyFile(privateKey, password, randomness);
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw new UsageError(
      "file.unwritable",
      `${path} can't be written, or is there already. A key file is never overwritten.`,
      { cause },
    );
  }
  return localSigner(privateKey).address;
}
