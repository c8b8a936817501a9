import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { connectChain } from "../../adapters/chain/readOnly.ts";
import { checkContracts } from "../../adapters/chain/checkContracts.ts";
import { StateError } from "../../base/errors/errors.ts";
import { MAX_JSON_FILE_BYTES } from "../../base/lib/json/parseJsonFile.ts";
import { readBounded } from "../../base/lib/files/readBounded.ts";
import { replaceFile } from "../../base/lib/files/replaceFile.ts";
import { knownDeployment } from "../chain/knownDeployment.ts";
import { openSigner } from "../chain/openSigner.ts";
import { readDeployment } from "../chain/readDeployment.ts";
import { parseConfig } from "../process/config.ts";
import { NETWORK_FILE, parseNetworkFile, settingsOfNetwork } from "../process/networkFile.ts";
import { SIGNER_ROLES, type SignerRole, type SignerSetting } from "../process/signerSettings.ts";
import type { Address, RegionCode } from "../../base/types/ids.ts";

/** What a data folder is to know of its network. */
export interface NetworkRequest {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly deploymentFile: string;
  readonly confirmations: number;
  /** Whether the development key scheme may work there: with a node at a loopback address only. */
  readonly developmentKeys: boolean;
  readonly registrarRegions: readonly RegionCode[] | null;
  readonly signers: Partial<Record<SignerRole, SignerSetting>>;
  /** Another file that is there already is replaced. */
  readonly force: boolean;
}

export interface InitialisedNetwork {
  readonly file: string;
  readonly network: string;
  readonly chainId: number;
  readonly signers: readonly { readonly as: SignerRole; readonly address: Address }[];
}

/**
 * Ties a data folder to a network: looks whether the node is on the deployment's chain and has its contracts,
 * opens the keys, and writes it all down as `network.json`. The same request again changes nothing.
 * @throws UsageError `chain.…` as `connectChain`, `checkContracts`; as `openSigner`; StateError
 * `network.exists` where the folder is another network's
 */
export async function initNetwork(request: NetworkRequest): Promise<InitialisedNetwork> {
  const { folder, rpcUrl, deploymentFile, confirmations } = request;
  const found = await readDeployment(deploymentFile);
  const deployment = knownDeployment(found, { deploymentFile, chainId: found?.chainId ?? 0 });
  const { chainId } = deployment;
  await checkContracts(await connectChain({ rpcUrl, chainId, retryMilliseconds: 3_000 }), deployment);

  const path = resolve(join(folder, NETWORK_FILE));
  const inFolder = (file: string): string => relative(dirname(path), resolve(file));
  const signers: Record<string, object> = {};
  const opened: { as: SignerRole; address: Address }[] = [];
  for (const as of SIGNER_ROLES) {
    const setting = request.signers[as];
    if (setting === undefined) continue;
    opened.push({ as, address: (await openSigner(setting)).address });
    if (setting.kind === "remote") signers[as] = { url: setting.url, address: setting.address };
    if (setting.kind === "file")
      signers[as] = { keyFile: inFolder(setting.path), passwordFile: inFolder(setting.passwordFile ?? "") };
  }
  const content = {
    schema: "microtonne-network/1",
    chainId,
    rpcUrl,
    deployment: inFolder(deploymentFile),
    confirmations,
    developmentKeysChain: request.developmentKeys ? chainId : null,
    ...(request.registrarRegions && { registrarRegions: request.registrarRegions }),
    ...(opened.length > 0 && { signers }),
  };
  const text = `${JSON.stringify(content, null, 2)}\n`;
  // What no command would take is not written.
  parseConfig(settingsOfNetwork(parseNetworkFile(text, path), path), { folder });
  await place(path, text, request.force);
  return { file: path, network: deployment.network, chainId, signers: opened };
}

/** Whole or not at all; readable by the owner only, as the rest of a data folder. */
async function place(path: string, text: string, force: boolean): Promise<void> {
  const before = existsSync(path) ? (await readBounded(path, MAX_JSON_FILE_BYTES)).toString("utf8") : null;
  if (before === text) return;
  if (before !== null && !force)
    throw new StateError(
      "network.exists",
      `${path} is there already and says something else (${differences(before, text)}).`,
      { remedy: { act: "replace-network-file" } },
    );
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceFile(path, text, 0o600);
}

/** In which members two network files differ. */
function differences(before: string, after: string): string {
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(before) as Record<string, unknown>;
  } catch {
    return "it is no JSON";
  }
  const asked = JSON.parse(after) as Record<string, unknown>;
  const names = [...new Set([...Object.keys(found), ...Object.keys(asked)])];
  return names
    .filter((name) => JSON.stringify(found[name]) !== JSON.stringify(asked[name]))
    .map((name) => differenceText(name, found[name], asked[name]))
    .join("; ");
}

/** Numbers are told; an address of a node may hold a key. */
function differenceText(name: string, found: unknown, asked: unknown): string {
  return typeof found === "number" && typeof asked === "number"
    ? `${name}: ${String(found)}, asked for: ${String(asked)}`
    : `another ${name}`;
}
