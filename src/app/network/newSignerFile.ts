import { encryptKeyFile } from "../../adapters/chain/signing/keyFile.ts";
import { localSigner } from "../../adapters/chain/signers.ts";
import { toHex } from "../../base/lib/bytes.ts";
import { writeKeyFile } from "../../base/lib/files/writeKeyFile.ts";
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
  await writeKeyFile(path, await encryptKeyFile(privateKey, password, randomness));
  return localSigner(privateKey).address;
}
