import { getContractAddress } from "viem";
import { CheckFailedError } from "../../base/errors/errors.ts";
import {
  CONTRACT_NAMES,
  type ContractAddresses,
  type ContractName,
  type Deployment,
} from "../../base/types/deployment.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Intent, OutboxEntry, OutboxStore } from "../../stages/outbox/ports.ts";
import { readArtifact } from "./readArtifact.ts";
import { constructorArguments, type DeploymentTerms } from "./constructorArguments.ts";
import type { ChainClient } from "./client.ts";
import { creationInput, deployContract, plannedNonce, readContractEffect } from "./intents/deployContract.ts";
import { blockAt, nonceOf } from "./outbox/context.ts";

export interface PlannedDeployment {
  readonly contracts: ContractAddresses;
  /** In order; to be enqueued together, before anything else of the deployer. */
  readonly intents: readonly Intent[];
}

/**
 * Enough to reach back over everything that one deployment's owner has done since; beyond it
 * `deployments/<network>.json` is there.
 */
const SEARCHED = 10_000;

/** The nonce that a deployment in this outbox began with, or null. A failed one does not count. */
async function earlierFirstNonce(store: OutboxStore, deployer: Address): Promise<number | null> {
  const isFirst = ({ key, from }: OutboxEntry): boolean =>
    key.startsWith("deploy:AccessManager:") && from.toLowerCase() === deployer.toLowerCase();
  const first =
    (await store.unfinished()).find(isFirst) ?? (await store.finalNewestFirst(SEARCHED)).find(isFirst);
  return first === undefined ? null : plannedNonce(first);
}

/**
 * Plans all contracts in the order of their names' list, with addresses known in advance from the deployer's
 * nonces. Planning again while the outbox has a deployment gives the same keys and addresses, so a crash
 * between any two steps leaves one deployment.
 * @param artifacts where Hardhat put them; the checkout's own by default
 * @throws UsageError `contracts.not-built`; UnavailableError of the chain node
 */
export async function planDeployment(
  client: ChainClient,
  store: OutboxStore,
  deployer: Address,
  terms: DeploymentTerms,
  artifacts?: string,
): Promise<PlannedDeployment> {
  const first = (await earlierFirstNonce(store, deployer)) ?? (await nonceOf(client, deployer, "pending"));
  const nonceOfContract = (name: ContractName): number => first + CONTRACT_NAMES.indexOf(name);
  const contracts = Object.fromEntries(
    CONTRACT_NAMES.map((name) => [
      name,
      getContractAddress({ from: deployer, nonce: BigInt(nonceOfContract(name)) }).toLowerCase(),
    ]),
  ) as unknown as ContractAddresses;
  const args = constructorArguments(contracts, terms);
  const intents = await Promise.all(
    CONTRACT_NAMES.map(async (name) =>
      deployContract(
        name,
        deployer,
        nonceOfContract(name),
        creationInput(await readArtifact(name, artifacts), contracts, args[name]),
      ),
    ),
  );
  return { contracts, intents };
}

/**
 * The deployment file's content once all are final.
 * @param commit of the sources, or "local"
 * @throws CheckFailedError `deploy.incomplete` where a contract is missing on chain or its intent is not
 * final
 */
export async function deploymentFrom(
  client: ChainClient,
  store: OutboxStore,
  planned: PlannedDeployment,
  { network, commit }: { network: string; commit: string },
): Promise<Deployment> {
  let block = 0n;
  for (const intent of planned.intents) {
    const entry = await store.find(intent.key);
    if (
      entry?.state !== "final" ||
      entry.blockNumber === null ||
      !(await readContractEffect(client, intent)).isThere
    ) {
      throw new CheckFailedError(
        "deploy.incomplete",
        `${intent.key} is not final on chain ${String(client.chainId)} yet. Settle the outbox first.`,
      );
    }
    if (entry.blockNumber > block) block = entry.blockNumber;
  }
  const header = await blockAt(client, block);
  if (header === null)
    throw new CheckFailedError(
      "deploy.incomplete",
      `Block ${block.toString()} is gone from the chain. Settle the outbox first.`,
    );
  return {
    schema: "microtonne-deployment/1",
    network,
    chainId: client.chainId,
    contracts: planned.contracts,
    block: Number(block),
    blockHash: header.hash,
    commit,
  };
}
