import { proveAtBlock } from "../../adapters/chain/proveAtBlock.ts";
import { readCommit, readStrikes, type ReadClient } from "../../adapters/chain/readOnly.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { coveredMilligrams } from "../../format/batch/accounting.ts";
import { methodologiesHash } from "../../format/onchain/batchStatement.ts";
import { termsHashOf } from "../../format/onchain/termsHash.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import type { BlockEvidence } from "../../format/proofs/proofFile.ts";
import {
  batchSlots,
  batchWordSlots,
  decodeBatchWords,
  provenanceHashOf,
  retirementSlot,
  type BatchWords,
} from "../../format/onchain/storageLayout.ts";
import { NO_STRIKES, strikesHashOf, type Strike } from "../../format/batch/strikes.ts";

/** What the chain adds to a part of a proof file, all as of the block of the evidence. */
export interface ProvenBatch {
  readonly strikes: readonly Strike[];
  /** Ascending. */
  readonly attesters: readonly Address[];
  /** Struck milligrams that serial substitution makes good. */
  readonly covered: Milligrams;
}

/**
 * Proves batches, and a retirement where one is named, at the newest final block. The lists behind the
 * registry's hashes are read from its events and held against what the block proof shows, so that nothing is
 * written that a verifier would refuse.
 * @throws CheckFailedError `prove.strikes`, `prove.attesters` where the node's events are not those behind
 * the hashes; else as `proveAtBlock`
 */
export async function proveOnChain(
  { client, deployment }: { readonly client: ReadClient; readonly deployment: Deployment },
  batches: readonly { readonly batchId: BatchId; readonly manifest: Manifest }[],
  retirementId: RetirementId | null,
): Promise<{ block: BlockEvidence; batches: ProvenBatch[] }> {
  const { BatchRegistry, RetirementRegistry } = deployment.contracts;
  const { evidence, blockNumber } = await proveAtBlock(client, [
    {
      address: BatchRegistry,
      slots: batches.flatMap(({ batchId, manifest }) => batchSlots(batchId, manifest)),
    },
    ...(retirementId === null
      ? []
      : [{ address: RetirementRegistry, slots: [retirementSlot(retirementId)] }]),
  ]);
  const proven = new Map(evidence.accounts[0]?.storage.map(({ slot, value }) => [slot, value]));
  const found: ProvenBatch[] = [];
  for (const { batchId, manifest } of batches) {
    const slots = batchWordSlots(batchId, manifest.format);
    const words = decodeBatchWords(slots.map((slot) => proven.get(slot) as Hex));
    found.push({
      strikes: await strikesOf(client, deployment, batchId, words, blockNumber),
      attesters: await attestersOf(client, deployment, batchId, manifest, words),
      covered: coveredMilligrams(words),
    });
  }
  return { block: evidence, batches: found };
}

async function strikesOf(
  client: ReadClient,
  { contracts, block }: Deployment,
  batchId: BatchId,
  { strikesHash }: BatchWords,
  toBlock: bigint,
): Promise<readonly Strike[]> {
  if (strikesHash === NO_STRIKES) return [];
  const strikes = await readStrikes(client, contracts, batchId, { fromBlock: BigInt(block), toBlock });
  if (strikesHashOf(strikes) === strikesHash) return strikes;
  throw new CheckFailedError(
    "prove.strikes",
    `The chain node's events name ${String(strikes.length)} struck leaves of batch ${batchId}, and ` +
      "these are not what the registry's hash stands for. Use a node that keeps all events since the " +
      "deployment.",
  );
}

async function attestersOf(
  client: ReadClient,
  { contracts, block }: Deployment,
  batchId: BatchId,
  manifest: Manifest,
  { provenanceHash }: BatchWords,
): Promise<readonly Address[]> {
  const attesters = (await readCommit(client, contracts, batchId, BigInt(block)))?.attesters ?? [];
  const expected = provenanceHashOf(attesters, methodologiesHash(manifest), termsHashOf(manifest));
  if (expected === provenanceHash) return attesters;
  throw new CheckFailedError(
    "prove.attesters",
    `The chain node's events name ${String(attesters.length)} attesters of batch ${batchId}, and with ` +
      "the manifest's methodologies these are not what the registry's hash stands for. Use a node that " +
      "keeps all events since the deployment.",
  );
}
