import { readFileSync } from "node:fs";
import { encodeFunctionData, getContractAddress, keccak256 } from "viem";
import { ABI_OF } from "../../../../src/adapters/chain/abiValues.ts";
import { constructorArguments } from "../../../../src/adapters/chain/constructorArguments.ts";
import { appointParticipant } from "../../../../src/adapters/chain/intents/appointParticipant.ts";
import { changeSettings } from "../../../../src/adapters/chain/intents/changeSetting.ts";
import { creationInput } from "../../../../src/adapters/chain/intents/deployContract.ts";
import { giveOutRoles } from "../../../../src/adapters/chain/intents/giveOutRoles.ts";
import { readArtifact } from "../../../../src/adapters/chain/readArtifact.ts";
import { readCodeHashes } from "../../../../src/adapters/chain/reads/readCodeHashes.ts";
import { connectChain, type ChainClient } from "../../../../src/adapters/chain/readOnly.ts";
import { contractParticipants } from "../../../../src/app/network/contractParticipants.ts";
import { appointedByTerms, cashIntents } from "../../../../src/app/network/deployNetwork.ts";
import { parseTerms, type NetworkTerms } from "../../../../src/app/network/parseTerms.ts";
import {
  CONTRACT_NAMES,
  type ContractAddresses,
  type ContractName,
  type Deployment,
} from "../../../../src/base/types/deployment.ts";
import type { Address, Hex } from "../../../../src/base/types/ids.ts";
import { participantTerms } from "../../../../src/stages/network/participantTerms.ts";

export const DEPLOYER: Address = `0x${"de".repeat(20)}`;
export const ATTACKER: Address = `0x${"ba".repeat(20)}`;
export const OPERATOR: Address = `0x${"0a".repeat(20)}`;
export const ISSUER: Address = `0x${"0b".repeat(20)}`;
const VERIFIER: Address = `0x${"0c".repeat(20)}`;
export const firm = (byte: string): Hex => `0x${byte.repeat(16)}`;
const named = (account: Address, kinds: readonly string[], byte: string, more: object = {}) => ({
  account,
  kinds,
  country: "CN",
  firmId: firm(byte),
  ...more,
});
const example = JSON.parse(readFileSync("deployments/example.terms.json", "utf8")) as object;
export const TERMS = parseTerms(
  JSON.stringify({
    ...example,
    regions: [{ region: "WUHAN", verifierThreshold: 2, verifierSet: 1 }],
    completionSeconds: 864_000,
    leastClaimDays: 30,
    cash: { name: "Cash", symbol: "CASH", issuerFirmId: firm("0b"), limit: "100" },
    participants: [
      named(OPERATOR, ["operator"], "0a"),
      named(ISSUER, ["cash-issuer", "bank"], "0b", { until: "2100-01-01" }),
      named(VERIFIER, ["verifier"], "0c", { verifierSets: [1] }),
    ],
  }),
);
/** The deployer's first contracts: nothing else of it comes before them. */
export const contracts = Object.fromEntries(
  CONTRACT_NAMES.map((name, nonce) => [
    name,
    getContractAddress({ from: DEPLOYER, nonce: BigInt(nonce) }).toLowerCase(),
  ]),
) as unknown as ContractAddresses;
let client: ChainClient;

/** Connects to a node whose accounts everybody may send from. */
export async function connect(rpcUrl: string): Promise<ChainClient> {
  client = await connectChain({ rpcUrl, chainId: 31337 });
  for (const account of [DEPLOYER, ATTACKER, OPERATOR, ISSUER, TERMS.admin]) await fund(account);
  return client;
}

/** Lets an account send, and pay for it. */
export async function fund(account: Address): Promise<void> {
  await client.request("anvil_impersonateAccount", [account]);
  await client.request("anvil_setBalance", [account, "0x56bc75e2d63100000"]);
}

async function send(from: Address, to: Address | null, data: Hex): Promise<void> {
  const gas = "0x1c9c380";
  const transaction = { from, ...(to && { to }), data, gas };
  const hash = (await client.request("eth_sendTransaction", [transaction])) as Hex;
  await client.request("evm_mine", []);
  const receipt = (await client.request("eth_getTransactionReceipt", [hash])) as { status: Hex } | null;
  if (receipt?.status !== "0x1") throw new Error(`A call to ${String(to)} failed.`);
}

/** A call of a contract of the deployment, from any funded account. */
export const call = (from: Address, contract: ContractName, functionName: string, ...args: unknown[]) =>
  send(from, contracts[contract], encodeFunctionData({ abi: ABI_OF[contract], functionName, args }));
/** As the admin of the access manager, while the deployer is it. */
export const asDeployer = (contract: ContractName, functionName: string, ...args: unknown[]) =>
  call(DEPLOYER, contract, functionName, ...args);

/** A rig: other creation inputs, or calls before the deployer gives its power up. */
export interface Rig {
  readonly input?: (name: ContractName, data: Hex) => Hex;
  readonly terms?: Partial<NetworkTerms>;
  readonly arguments?: (args: ReturnType<typeof constructorArguments>) => Partial<typeof args>;
  readonly before?: () => Promise<void>;
  /** Calls after the roles are given out, before the deployer gives up its own. */
  readonly late?: () => Promise<void>;
}

/**
 * Creates and hands over a deployment by `TERMS`, but for the rig. On a chain on which the deployer has sent
 * nothing yet.
 */
export async function deploy({
  input,
  terms,
  arguments: rigged,
  before,
  late,
}: Rig = {}): Promise<Deployment> {
  const args = constructorArguments(contracts, { ...TERMS, ...terms, admin: DEPLOYER });
  const given = { ...args, ...rigged?.(args) };
  for (const name of CONTRACT_NAMES) {
    const data = creationInput(await readArtifact(name), contracts, given[name]);
    await send(DEPLOYER, null, input?.(name, data) ?? data);
  }
  const block = (await client.request("eth_getBlockByNumber", ["latest", false])) as {
    number: Hex;
    hash: Hex;
  };
  const appointed = [...contractParticipants(contracts, TERMS.country), ...appointedByTerms(TERMS)];
  const intents = [
    ...appointed.map((one) =>
      appointParticipant(contracts.ParticipantRegistry, DEPLOYER, participantTerms(one, [])),
    ),
    ...changeSettings(contracts, DEPLOYER, TERMS),
    ...cashIntents(contracts.SettlementCash, DEPLOYER, TERMS.cash),
  ];
  for (const { to, data } of intents) await send(DEPLOYER, to, data);
  await before?.();
  const roles = giveOutRoles(contracts, DEPLOYER, TERMS);
  for (const [index, { to, data }] of roles.entries()) {
    if (index === roles.length - 1) await late?.();
    await send(DEPLOYER, to, data);
  }
  return {
    schema: "microtonne-deployment/1",
    network: "example",
    chainId: client.chainId,
    contracts,
    block: Number(block.number),
    blockHash: block.hash,
    commit: "local",
    codeHashes: await readCodeHashes(client, contracts),
  };
}

/** What the constructor of a contract wrote: its first slots, and those of their texts. */
export async function storedWords(address: Address): Promise<[Hex, Hex][]> {
  const numbers = Array.from({ length: 16 }, (_, slot): Hex => `0x${slot.toString(16).padStart(64, "0")}`);
  const ofTexts = numbers.flatMap((slot) => {
    const first = BigInt(keccak256(slot));
    return [first, first + 1n].map((one): Hex => `0x${one.toString(16).padStart(64, "0")}`);
  });
  return Promise.all(
    [...numbers, ...ofTexts].map(async (slot): Promise<[Hex, Hex]> => [
      slot,
      (await client.request("eth_getStorageAt", [address, slot, "latest"])) as Hex,
    ]),
  );
}
