import { readRoleMembers } from "../../adapters/chain/accessManager.ts";
import { ROLES } from "../../adapters/chain/accessRoles.ts";
import { CONTRACT_KINDS } from "../../adapters/chain/constructorArguments.ts";
import {
  readAllowedKeySchemes,
  readPublishedMethodologies,
} from "../../adapters/chain/reads/readRegistries.ts";
import { readParticipants } from "../../adapters/chain/reads/readParticipants.ts";
import { readRegistryTerms, type ReadClient } from "../../adapters/chain/readOnly.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { networkNeeds } from "../../stages/network/networkNeeds.ts";
import type { ChainParticipant, NetworkNeed, RoleHolders } from "../../stages/network/ports.ts";
import { signerPowers, type SignerPowers } from "../../stages/network/signerPowers.ts";
import type { Context } from "../context.ts";
import { readChain } from "../chain/readChain.ts";
import { SIGNER_ROLES, type SignerRole } from "../process/signerSettings.ts";
import { openSigner } from "../chain/openSigner.ts";

/** A key of this folder, and what it may do on this network. */
export interface OwnSigner extends SignerPowers {
  readonly as: SignerRole;
  readonly address: Address;
}

export interface NetworkStatus {
  readonly network: string;
  readonly chainId: number;
  readonly deploymentFile: string;
  readonly needs: readonly NetworkNeed[];
  readonly own: readonly OwnSigner[];
}

/**
 * What a network has and what it lacks, and who does what is missing by which command. Reads only; keys of
 * this folder are opened for their addresses.
 * @throws as `readChain`, `openSigner`
 */
export async function networkStatus(context: Pick<Context, "config" | "node">): Promise<NetworkStatus> {
  const chain = await readChain(context);
  const { client, deployment } = chain;
  const participants = await readParticipants(client, deployment);
  const roles = await Promise.all(
    ROLES.map(async ({ id, name }) => ({
      name: name as string,
      members: (await readRoleMembers(client, deployment, id)).map(({ account }) => account),
    })),
  );
  return {
    network: deployment.network,
    chainId: deployment.chainId,
    deploymentFile: context.config.chain.deploymentFile,
    needs: networkNeeds({
      participants,
      roles,
      contracts: Object.entries(CONTRACT_KINDS).map(([name, kind]) => ({
        name,
        account: deployment.contracts[name as keyof typeof CONTRACT_KINDS],
        kind,
      })),
      // Of regions without terms of their own.
      quorum: (await readRegistryTerms(client, deployment.contracts, "")).verifierThreshold,
      methodologies: (await readPublishedMethodologies(client, deployment)).length,
      keySchemes: (await readAllowedKeySchemes(client, deployment)).length,
    }),
    own: await ownSigners(context, client, participants, roles),
  };
}

async function ownSigners(
  { config }: Pick<Context, "config">,
  client: ReadClient,
  participants: readonly ChainParticipant[],
  roles: readonly RoleHolders[],
): Promise<OwnSigner[]> {
  const gasPrice = BigInt((await client.request("eth_gasPrice", [])) as Hex);
  const own: OwnSigner[] = [];
  for (const role of SIGNER_ROLES) {
    const setting = config.signers[role];
    if (setting === null) continue;
    const { address } = await openSigner(setting);
    const balance = BigInt((await client.request("eth_getBalance", [address, "latest"])) as Hex);
    own.push({
      as: role,
      address,
      ...signerPowers(address, participants, roles, { gasPrice, balance }),
    });
  }
  return own;
}
