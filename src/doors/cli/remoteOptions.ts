import type { Command } from "commander";
import { InputError, UsageError } from "../../base/errors/errors.ts";
import { fromHex } from "../../base/lib/bytes.ts";
import { WORD_BYTES } from "../../base/lib/sizes.ts";
import type { ActivityKey } from "../../base/types/ids.ts";
import { HttpArchive } from "../../verify/httpArchive.ts";
import { optionOf } from "./command.ts";
import type { TrustOptions } from "./trustOptions.ts";

/** What is looked at of an archive that a web server has, as options of a command. */
export interface RemoteOptions {
  url?: string;
  leaf?: number;
  activityKey?: ActivityKey;
  apiKeyFile?: string;
}

export function addRemoteOptions(command: Command): void {
  command
    .option("--url <address>", "instead of a path: where a web server has the files of a batch's archive")
    .option("--leaf <index>", "with --url: prove this leaf alone, from a few files", optionOf(leafIndex))
    .option("--activity-key <hex>", "with --url: prove the leaf with this key alone", optionOf(activityKey))
    .option("--api-key-file <file>", "with --url: a file with a key of the service that has the archive");
}

/**
 * The archive behind --url, or null where a path is given.
 * @throws UsageError `verify.what` for both or none, and for options that belong to the other one
 */
export async function remoteArchive(
  { url, leaf, activityKey: key, apiKeyFile, own }: RemoteOptions & TrustOptions,
  path: string | undefined,
  readFile: (path: string) => Promise<Uint8Array>,
): Promise<HttpArchive | null> {
  const wrong = (sentence: string) => new UsageError("verify.what", `${sentence}.`);
  if ((url === undefined) === (path === undefined)) throw wrong("Give either a path or --url");
  if (leaf !== undefined && key !== undefined) throw wrong("Give either --leaf or --activity-key");
  if (url === undefined) {
    if ([leaf, key, apiKeyFile].some((option) => option !== undefined))
      throw wrong("--leaf, --activity-key and --api-key-file belong to --url");
    return null;
  }
  if (own) throw wrong("--own is for archives of this data folder; give --url with --rpc and --deployment");
  if (apiKeyFile === undefined) return new HttpArchive(url);
  const apiKey = new TextDecoder().decode(await readFile(apiKeyFile)).trim();
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw new UsageError(
      "verify.api-key",
      `${apiKeyFile} holds no API key: it is one word of plain letters.`,
    );
  return new HttpArchive(url, { authorization: `Bearer ${apiKey}` });
}

function leafIndex(text: string): number {
  if (!/^[0-9]{1,10}$/.test(text)) throw new InputError("verify.leaf", "A leaf's index is a whole number.");
  return Number(text);
}

function activityKey(text: string): ActivityKey {
  return fromHex(text, WORD_BYTES) as ActivityKey;
}
