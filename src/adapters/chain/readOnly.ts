import { stringToHex } from "viem";
import type { ContractAddresses } from "../../base/types/deployment.ts";
import { bigEndian, toHex } from "../../base/lib/bytes.ts";
import { batchId as checkedBatchId } from "../../base/lib/ids.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { BaseUnits, UnixSeconds } from "../../base/types/quantities.ts";
import type { Retirement } from "../../base/types/retirement.ts";
import {
  batchWordSlots,
  decodeBatchWords,
  type BatchFormat,
  type BatchWords,
} from "../../format/onchain/storageLayout.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { Strike } from "../../format/batch/strikes.ts";
import { STATEMENT_DOMAIN_VERSION } from "../../format/onchain/batchStatement.ts";
import { STATEMENT_DOMAIN_VERSION_1 } from "../../format/v1/batchStatement.ts";
import { batchRegistryAbi, carbonCreditAbi, retirementRegistryAbi } from "./abis.generated.ts";
import type { ChainClient } from "./client.ts";
import { announcedRetirements, announcedStrikes, committedBatches, type CommittedBatch } from "./receipts.ts";

/** Everything that a verifier asks of a chain node; nothing here signs or sends. */
export { connectChain, type ChainClient, type ConnectOptions } from "./client.ts";

/** The part of a chain client that reading takes. */
export type ReadClient = Pick<ChainClient, "chainId" | "finalityDepth" | "request" | "ask">;

type At<Name extends keyof ContractAddresses> = Pick<ContractAddresses, Name>;

export interface BlockFacts {
  readonly number: bigint;
  readonly hash: Hex;
  readonly timestamp: UnixSeconds;
}

/**
 * A block's number, hash and time. `final` is the newest one with the client's finality depth of blocks after
 * it.
 * @returns null where the chain has no such block
 */
export async function readBlock(
  client: ReadClient,
  which: bigint | "latest" | "final",
): Promise<BlockFacts | null> {
  const head =
    which === "final"
      ? BigInt((await client.request("eth_blockNumber", [])) as Hex) - BigInt(client.finalityDepth)
      : 0n;
  const number = which === "final" ? (head < 0n ? 0n : head) : which;
  const tag = typeof number === "bigint" ? `0x${number.toString(16)}` : number;
  const block = (await client.request("eth_getBlockByNumber", [tag, false])) as {
    number: Hex;
    hash: Hex;
    timestamp: Hex;
  } | null;
  return block === null
    ? null
    : { number: BigInt(block.number), hash: block.hash, timestamp: Number(block.timestamp) as UnixSeconds };
}

/** Storage words of one contract, all as of one block. Slots as `format/storageLayout.ts` has them. */
export async function readWords(
  client: ReadClient,
  contract: Address,
  slots: readonly Hex[],
  block: bigint,
): Promise<Hex[]> {
  const tag = `0x${block.toString(16)}`;
  const words = await Promise.all(
    slots.map(async (slot) => client.request("eth_getStorageAt", [contract, slot, tag])),
  );
  // Some nodes drop leading zeros.
  return words.map((word): Hex => `0x${(word as Hex).slice(2).padStart(64, "0")}`);
}

/**
 * The format of the batches that a registry takes, by the version of the statements that are signed for it:
 * a registry says it itself (ERC-5267).
 * @throws StateError `chain.registry-newer` where this version knows no such registry
 */
export async function readBatchFormat(
  client: ReadClient,
  { BatchRegistry }: At<"BatchRegistry">,
): Promise<BatchFormat> {
  const contract = { address: BatchRegistry, abi: batchRegistryAbi } as const;
  const [, , version] = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "eip712Domain" }),
  );
  if (version === STATEMENT_DOMAIN_VERSION_1) return "microtonne-batch/1";
  if (version === STATEMENT_DOMAIN_VERSION) return "microtonne-batch/2";
  throw new StateError(
    "chain.registry-newer",
    `The batch registry at ${BatchRegistry} takes statements of version ${JSON.stringify(version)}, and ` +
      `this version of microtonne knows those up to ${STATEMENT_DOMAIN_VERSION}. Get a newer one.`,
  );
}

/**
 * A batch as its storage words have it at the newest block; null where the registry does not know it.
 * @throws StateError as `readBatchFormat`
 */
export async function readBatch(
  client: ReadClient,
  contracts: At<"BatchRegistry">,
  batchId: BatchId,
): Promise<BatchWords | null> {
  const newest = BigInt((await client.request("eth_blockNumber", [])) as Hex);
  const slots = batchWordSlots(batchId, await readBatchFormat(client, contracts));
  const batch = decodeBatchWords(await readWords(client, contracts.BatchRegistry, slots, newest));
  return batch.status === "none" ? null : batch;
}

/** The whole record of a retirement, from its event. `fromBlock`: the deployment's. */
export async function readRetirement(
  client: ReadClient,
  { RetirementRegistry }: At<"RetirementRegistry">,
  retirementId: RetirementId,
  fromBlock: bigint,
): Promise<Retirement | null> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: RetirementRegistry,
      abi: retirementRegistryAbi,
      eventName: "Retired",
      args: { retirementId },
      fromBlock,
      toBlock: "latest",
    }),
  );
  return announcedRetirements({ logs }, RetirementRegistry)[0] ?? null;
}

/** What was announced when a batch was committed, its attesters among it. `fromBlock`: the deployment's. */
export async function readCommit(
  client: ReadClient,
  { BatchRegistry }: At<"BatchRegistry">,
  batchId: BatchId,
  fromBlock: bigint,
): Promise<CommittedBatch | null> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: BatchRegistry,
      abi: batchRegistryAbi,
      eventName: "BatchCommitted",
      args: { batchId: BigInt(batchId) },
      fromBlock,
      toBlock: "latest",
    }),
  );
  return committedBatches({ logs }, BatchRegistry)[0] ?? null;
}

/**
 * The leaves of a batch that were struck in a span of blocks, both ends inclusive, in order. From the
 * deployment's block on it is the list behind the batch's `strikesHash`: hold it against that, since a node
 * may have forgotten events.
 */
export async function readStrikes(
  client: ReadClient,
  { BatchRegistry }: At<"BatchRegistry">,
  batchId: BatchId,
  { fromBlock, toBlock }: { readonly fromBlock: bigint; readonly toBlock: bigint },
): Promise<Strike[]> {
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      address: BatchRegistry,
      abi: batchRegistryAbi,
      eventName: "LeafStruck",
      args: { batchId: BigInt(batchId) },
      fromBlock,
      toBlock,
    }),
  );
  return announcedStrikes({ logs }, BatchRegistry, batchId);
}

/** The operator's latest batch, which its next one must name; null before the first. */
export async function readHead(
  client: ReadClient,
  { BatchRegistry }: At<"BatchRegistry">,
  operator: Address,
): Promise<BatchId | null> {
  const contract = { address: BatchRegistry, abi: batchRegistryAbi } as const;
  const head = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "headOf", args: [operator] }),
  );
  return head === 0n ? null : checkedBatchId(toHex(bigEndian(head, 32)));
}

/**
 * Verifiers that a commit of a region needs, the set that they must belong to (0: any), and seconds between
 * commit and mint.
 */
export async function readRegistryTerms(
  client: ReadClient,
  { BatchRegistry }: At<"BatchRegistry">,
  region: string,
): Promise<{ verifierThreshold: number; verifierSet: number; challengeWindowSeconds: number }> {
  const contract = { address: BatchRegistry, abi: batchRegistryAbi } as const;
  return client.ask(async (rpc) => {
    const [verifierThreshold, verifierSet] = await rpc.readContract({
      ...contract,
      functionName: "quorumOf",
      args: [stringToHex(region, { size: 8 })],
    });
    const challengeWindowSeconds = await rpc.readContract({ ...contract, functionName: "challengeWindow" });
    return { verifierThreshold, verifierSet, challengeWindowSeconds };
  });
}

/** Credits of one batch that an account holds. */
export async function creditBalance(
  client: ReadClient,
  { CarbonCredit }: At<"CarbonCredit">,
  holder: Address,
  batchId: BatchId,
): Promise<BaseUnits> {
  const contract = { address: CarbonCredit, abi: carbonCreditAbi } as const;
  const balance = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "balanceOf", args: [holder, BigInt(batchId)] }),
  );
  return balance as BaseUnits;
}
