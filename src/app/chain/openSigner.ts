import { stat } from "node:fs/promises";
import { decryptKeyFile } from "../../adapters/chain/signing/keyFile.ts";
import { remoteSigner } from "../../adapters/chain/signing/remoteSigner.ts";
import { localSigner } from "../../adapters/chain/signers.ts";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { MAX_KEY_FILE_BYTES, readBounded } from "../../base/lib/files/readBounded.ts";
import { shellWord } from "../../base/lib/shellWord.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import type { SignerSetting } from "../process/signerSettings.ts";

/** By the settings of one process: deriving a key file's key takes tenths of a second each time. */
const opened = new WeakMap<SignerSetting, Promise<Signer>>();
/** Rights of others than the owner. */
const OTHERS = 0o077;
const ADMINISTRATOR = 0;

/**
 * A signer as the settings name it: a key, an encrypted key file, or a signing service.
 * @throws InputError `signer.malformed-key`, `signer.key-file`, `signer.password`, `signer.password-file`,
 * `signer.open-file`; UsageError `signer.no-password`, `file.unreadable`, or as `remoteSigner`
 */
export async function openSigner(setting: SignerSetting): Promise<Signer> {
  let signer = opened.get(setting);
  if (signer === undefined) opened.set(setting, (signer = open(setting)));
  try {
    return await signer;
  } catch (error) {
    // A service may be back at the next try.
    opened.delete(setting);
    throw error;
  }
}

async function open(setting: SignerSetting): Promise<Signer> {
  if (setting.kind === "key") return localSigner(setting.privateKey);
  if (setting.kind === "remote") return remoteSigner(setting);
  const { path, passwordFile } = setting;
  if (passwordFile === null)
    throw new UsageError("signer.no-password", `The key file ${path} needs a password.`, {
      remedy: { act: "name-password-file" },
    });
  const content = await readOwn(path, "key file");
  return localSigner(await decryptKeyFile(content, await readPassword(passwordFile), path));
}

/**
 * The password in a file: its first line. @throws InputError `signer.password-file` where there is none,
 * `signer.open-file` where others may read it; UsageError `file.unreadable`
 */
export async function readPassword(path: string): Promise<string> {
  const [line = ""] = (await readOwn(path, "password file")).split(/\r?\n/, 1);
  if (line === "")
    throw new InputError(
      "signer.password-file",
      `The password file ${path} has no password in its first line.`,
    );
  return line;
}

/**
 * A file that nobody else on this machine may read: neither by its mode nor as its owner, but for whoever
 * administers the machine.
 */
async function readOwn(path: string, what: string): Promise<string> {
  try {
    const { mode, uid } = await stat(path);
    const command =
      (mode & OTHERS) !== 0
        ? "chmod 600"
        : uid !== ADMINISTRATOR && uid !== process.geteuid?.()
          ? "chown $(id -u)"
          : null;
    if (process.platform !== "win32" && command !== null)
      throw new InputError(
        "signer.open-file",
        `Others on this machine may read the ${what} ${path}. Run: ${command} ${shellWord(path)}`,
      );
    return (await readBounded(path, MAX_KEY_FILE_BYTES)).toString("utf8");
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === "EFBIG")
      throw new InputError("signer.key-file", `${path} is too large for a ${what}.`);
    throw fileUnreadable(`The ${what} ${path}`, cause);
  }
}
