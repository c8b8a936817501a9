import { encodeDeployData, getContractAddress } from "viem";
import { CheckFailedError } from "../../../base/errors/errors.ts";
import type { ContractAddresses, ContractName } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { Intent, ChainPresence } from "../../../stages/outbox/ports.ts";
import type { Artifact } from "../readArtifact.ts";
import type { ChainClient } from "../client.ts";
import { linkCode } from "../linkCode.ts";
import { NO_EFFECT, SOME_EFFECT } from "../chainEffects.ts";

const KEY = /^deploy:([A-Za-z]+):([0-9]+)$/;

/**
 * Creates a contract with exactly this nonce of the deployer: other contracts know its address in advance.
 * @param data its `creationInput`
 */
export function deployContract(name: ContractName, deployer: Address, nonce: number, data: Hex): Intent {
  return { key: `deploy:${name}:${String(nonce)}`, kind: "deploy", from: deployer, to: null, data };
}

/**
 * What the transaction that creates a contract carries: its creation code, linked with the deployment's
 * libraries, and the constructor's arguments behind it.
 * @throws as `linkCode`
 */
export function creationInput(
  { abi, bytecode, linkReferences }: Artifact,
  contracts: ContractAddresses,
  args: readonly unknown[],
): Hex {
  return encodeDeployData({ abi, bytecode: linkCode(bytecode, linkReferences, contracts), args });
}

/** The nonce that a deployment is bound to. @throws CheckFailedError `deploy.key` */
export function plannedNonce(intent: Intent): number {
  const match = KEY.exec(intent.key);
  if (match === null)
    throw new CheckFailedError(
      "deploy.key",
      `${intent.key} is no key of a deployment (deploy:<contract>:<nonce>).`,
    );
  return Number(match[2]);
}

/** Where a deployment's contract comes to stand, lower case. */
function plannedAddress(intent: Intent): Address {
  return getContractAddress({
    from: intent.from,
    nonce: BigInt(plannedNonce(intent)),
  }).toLowerCase() as Address;
}

/** Something once there is code at the planned address. */
export async function readContractEffect(client: ChainClient, intent: Intent): Promise<ChainPresence> {
  const code = await client.ask(async (rpc) => rpc.getCode({ address: plannedAddress(intent) }));
  return code === undefined || code === "0x" ? NO_EFFECT : SOME_EFFECT;
}
