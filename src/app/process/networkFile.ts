import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import { fileUnreadable } from "../../base/errors/fileUnreadable.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import { MAX_JSON_FILE_BYTES, parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import { readBoundedSync } from "../../base/lib/files/readBounded.ts";
import { ADDRESS_ANY_CASE, HTTP_SCHEME, REGION_CODE } from "../../base/lib/textPatterns.ts";
import { MILLISECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import { SIGNER_ROLES } from "./signerSettings.ts";

/** Where a data folder keeps its network's file. */
export const NETWORK_FILE = "network.json";

const signer = z.union([
  z.strictObject({ keyFile: z.string().min(1), passwordFile: z.string().min(1) }),
  z.strictObject({
    url: z.url({ protocol: HTTP_SCHEME }),
    address: z.string().regex(ADDRESS_ANY_CASE, "must be 0x and 40 hex digits"),
  }),
]);

/**
 * Closed schema `microtonne-network/1`: the network that a data folder works on, as settings that stand in a
 * file. Paths are relative to it. Settings of the environment win.
 */
const networkSchema = z.strictObject({
  schema: z.literal("microtonne-network/1"),
  chainId: z.int().min(1),
  rpcUrl: z.url({ protocol: HTTP_SCHEME }),
  deployment: z.string().min(1),
  /** Blocks on top of a transaction's own before it counts as final. */
  confirmations: z.int().min(0).max(10_000).default(0),
  pollMilliseconds: z.int().min(10).max(MILLISECONDS_PER_MINUTE).default(100),
  /** The chain id once more, where the development key scheme is to work on it; null elsewhere. */
  developmentKeysChain: z.int().min(1).nullable().default(null),
  registrarRegions: z.array(z.string().regex(REGION_CODE, "must match [A-Z0-9]{2,8}")).min(1).optional(),
  signers: z.partialRecord(z.enum(SIGNER_ROLES), signer).default({}),
});

export type NetworkFile = z.output<typeof networkSchema>;

/**
 * A network's file out of its text. @throws InputError `network.malformed` naming the field, never its value,
 * or what `parseJsonFile` refuses
 */
export function parseNetworkFile(text: string, name: string): NetworkFile {
  let value: unknown;
  try {
    value = parseJsonFile(utf8(text), `The network file ${name}`);
  } catch (cause) {
    throw new InputError("network.malformed", (cause as Error).message, { cause });
  }
  const parsed = networkSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    "network.malformed",
    `The network file ${name} is refused at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}

/**
 * The file's values as settings, for those that the environment leaves open.
 * @param path of the file
 */
export function settingsOfNetwork(network: NetworkFile, path: string): Record<string, string> {
  const folder = dirname(resolve(path));
  const settings: Record<string, string> = {
    MICROTONNE_RPC_URL: network.rpcUrl,
    MICROTONNE_CHAIN_ID: String(network.chainId),
    MICROTONNE_DEPLOYMENT: resolve(folder, network.deployment),
    MICROTONNE_FINALITY_DEPTH: String(network.confirmations),
    MICROTONNE_POLL_MILLISECONDS: String(network.pollMilliseconds),
  };
  if (network.developmentKeysChain !== null)
    settings["MICROTONNE_DEVELOPMENT_KEYS_CHAIN"] = String(network.developmentKeysChain);
  if (network.registrarRegions !== undefined)
    settings["MICROTONNE_REGISTRAR_REGIONS"] = network.registrarRegions.join(",");
  for (const role of SIGNER_ROLES) {
    const one = network.signers[role];
    if (one === undefined) continue;
    const name = `MICROTONNE_${role.toUpperCase()}`;
    if ("url" in one) settings[`${name}_SIGNER`] = `${one.url}#${one.address}`;
    else {
      settings[`${name}_SIGNER`] = resolve(folder, one.keyFile);
      settings[`${name}_PASSWORD_FILE`] = resolve(folder, one.passwordFile);
    }
  }
  return settings;
}

/**
 * The settings of the network that a folder works on: of the file that is named, or of the one in the data
 * folder; nothing where there is none.
 * @throws InputError `network.malformed`; UsageError `file.unreadable` where a named one can't be read
 */
export function readNetworkSettings(named: string | undefined, folder: string): Record<string, string> {
  const path = named ?? join(folder, NETWORK_FILE);
  if (named === undefined && !existsSync(path)) return {};
  let text: string;
  try {
    text = readBoundedSync(path, MAX_JSON_FILE_BYTES).toString("utf8");
  } catch (cause) {
    throw fileUnreadable(`The network file ${path}`, cause);
  }
  return settingsOfNetwork(parseNetworkFile(text, path), path);
}
