import { readRoleMembers } from "../../adapters/chain/accessManager.ts";
import { ROLES } from "../../adapters/chain/accessRoles.ts";
import {
  readAllowedKeySchemes,
  readPublishedMethodologies,
} from "../../adapters/chain/reads/readRegistries.ts";
import { readParticipants, type ChainParticipant } from "../../adapters/chain/reads/readParticipants.ts";
import { readRegistryTerms, type ReadClient } from "../../adapters/chain/readOnly.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";
import type { Context } from "../context.ts";
import { readChain, type ChainView } from "../chain/readChain.ts";
import { SIGNER_ROLES, type SignerRole } from "../process/signerSettings.ts";
import { openSigner } from "../chain/openSigner.ts";

/** Something that a network needs before a gram can go its way there. */
export interface NetworkNeed {
  readonly what: string;
  readonly isMet: boolean;
  /** What is there: accounts, counts. */
  readonly found: string;
  /** Who does what is missing: a role of the access manager, and its members. */
  readonly role: string;
  readonly members: readonly Address[];
  /** The command that does it. */
  readonly command: string;
}

/** A key of this folder, and what it may do on this network. */
export interface OwnSigner {
  readonly as: SignerRole;
  readonly address: Address;
  /** Roles of the access manager, and kinds in the registry. */
  readonly roles: readonly string[];
  readonly kinds: readonly ParticipantKind[];
  /** False where the network asks for fees and the account has nothing to pay them with. */
  readonly canPay: boolean;
}

export interface NetworkStatus {
  readonly network: string;
  readonly chainId: number;
  readonly deploymentFile: string;
  readonly needs: readonly NetworkNeed[];
  readonly own: readonly OwnSigner[];
}

type MembersOf = (role: string) => readonly Address[];

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
  const membersOf: MembersOf = (role) => roles.find(({ name }) => name === role)?.members ?? [];
  return {
    network: deployment.network,
    chainId: deployment.chainId,
    deploymentFile: context.config.chain.deploymentFile,
    needs: [
      ...participantNeeds(chain, participants, await quorumOf(chain), membersOf),
      ...(await publicationNeeds(chain, membersOf)),
    ],
    own: await ownSigners(context, client, participants, roles),
  };
}

/** Verifiers that a commit needs in regions without terms of their own. */
async function quorumOf({ client, deployment }: ChainView): Promise<number> {
  return (await readRegistryTerms(client, deployment.contracts, "")).verifierThreshold;
}

function participantNeeds(
  { deployment }: ChainView,
  participants: readonly ChainParticipant[],
  quorum: number,
  membersOf: MembersOf,
): NetworkNeed[] {
  const { BatchDisputes, CarbonPoolFactory } = deployment.contracts;
  const active = (kind: ParticipantKind, account?: Address): Address[] =>
    participants
      .filter((one) => one.status === "active" && one.kinds.includes(kind))
      .map((one) => one.account)
      .filter((one) => account === undefined || one === account);
  const need = (what: string, found: readonly Address[], least: number, command: string): NetworkNeed => ({
    what,
    isMet: found.length >= least,
    found: found.length === 0 ? "none" : found.join(", "),
    role: "appointer",
    members: membersOf("appointer"),
    command,
  });
  const appoint = (kind: ParticipantKind): string =>
    `microtonne network participants appoint 0x… --kind ${kind} --country CN`;
  const contracts = "microtonne network participants contracts --country CN";
  return [
    need("the disputes' contract may hold bonds", active("custodian", BatchDisputes), 1, contracts),
    need("the factory may make pools", active("pool-factory", CarbonPoolFactory), 1, contracts),
    need("there is a registrar", active("registrar"), 1, appoint("registrar")),
    need("there is an operator", active("operator"), 1, appoint("operator")),
    need(
      `there are as many verifiers as a commit needs (${String(quorum)})`,
      active("verifier"),
      quorum,
      appoint("verifier"),
    ),
  ];
}

async function publicationNeeds(
  { client, deployment }: ChainView,
  membersOf: MembersOf,
): Promise<NetworkNeed[]> {
  const methodologies = await readPublishedMethodologies(client, deployment);
  const schemes = await readAllowedKeySchemes(client, deployment);
  const counted = (list: readonly Hex[]): string => (list.length === 0 ? "none" : String(list.length));
  return [
    {
      what: "a methodology is published",
      isMet: methodologies.length > 0,
      found: counted(methodologies),
      role: "methodologist",
      members: membersOf("methodologist"),
      command: "microtonne network publish methodologies",
    },
    {
      what: "a key scheme is allowed",
      isMet: schemes.length > 0,
      found: counted(schemes),
      role: "governor",
      members: membersOf("governor"),
      command: "microtonne network publish key-scheme --vintage 2025",
    },
  ];
}

async function ownSigners(
  { config }: Pick<Context, "config">,
  client: ReadClient,
  participants: readonly ChainParticipant[],
  roles: readonly { readonly name: string; readonly members: readonly Address[] }[],
): Promise<OwnSigner[]> {
  const price = BigInt((await client.request("eth_gasPrice", [])) as Hex);
  const own: OwnSigner[] = [];
  for (const role of SIGNER_ROLES) {
    const setting = config.signers[role];
    if (setting === null) continue;
    const { address } = await openSigner(setting);
    const balance = BigInt((await client.request("eth_getBalance", [address, "latest"])) as Hex);
    const shown = participants.find(({ account }) => account === address);
    own.push({
      as: role,
      address,
      roles: roles.filter(({ members }) => members.includes(address)).map(({ name }) => name),
      kinds: shown?.status === "active" ? shown.kinds : [],
      canPay: price === 0n || balance > 0n,
    });
  }
  return own;
}
