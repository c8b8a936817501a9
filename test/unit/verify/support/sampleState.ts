import { createMerkleProof, createMPT, type MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { encodeBatchWords } from "../../../../scripts/generate/vectors/encodeBatchWords.ts";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { ContractAddresses } from "../../../../src/base/types/deployment.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import {
  methodologiesHash,
  type CommittedCategory,
  type StatedManifest,
} from "../../../../src/format/onchain/batchStatement.ts";
import { termsHashOf } from "../../../../src/format/onchain/termsHash.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import { bufferMilligramsDown } from "../../../../src/format/batch/manifest.ts";
import type { AccountProof, BlockEvidence } from "../../../../src/format/proofs/proofFile.ts";
import { retirementRecordHash } from "../../../../src/format/onchain/retirementRecord.ts";
import {
  batchSlots,
  batchWordSlots,
  provenanceHashOf,
  retirementSlot,
  rootSlot,
  type BatchTermWords,
  type BatchWords,
} from "../../../../src/format/onchain/storageLayout.ts";
import { NO_STRIKES } from "../../../../src/format/batch/strikes.ts";
import { CONTRACTS, sampleAddress, sampleWord, type SampleBatch } from "./sampleBatch.ts";
import { ATTESTERS } from "./sampleProof.ts";

type Mass = "total" | "minted" | "struck" | "retired" | "shortfall" | "replaced" | "buffer";
/** Fields of a stored batch that a test may want otherwise. */
export type BatchChange = Partial<Omit<BatchWords, "unminted" | Mass>> & {
  readonly [Name in Mass]?: bigint;
} & {
  /** Id that the registry keeps under the manifest's root. */
  readonly batchOfRoot?: Hex;
};

/** Storage words by slot. */
export type Words = ReadonlyMap<Hex, Hex>;

/**
 * The words of a batch that is minted and of which all but the buffer is retired, and the way to it from its
 * root.
 */
export function batchWords(
  { batchId, manifest }: { readonly batchId: BatchId; readonly manifest: StatedManifest },
  change: BatchChange = {},
): Map<Hex, Hex> {
  const { batchOfRoot = batchId, ...fields } = change;
  const buffer = bufferMilligramsDown(manifest.totalMilligrams, manifest.bufferBps);
  const minted = (manifest.totalMilligrams - buffer) as Milligrams;
  const none = 0n as Milligrams;
  const words = encodeBatchWords({
    total: manifest.totalMilligrams,
    minted,
    struck: none,
    retired: minted,
    shortfall: none,
    replaced: none,
    operator: manifest.operator,
    committedAt: 1_505_400_000 as UnixSeconds,
    leafCount: manifest.leafCount,
    status: "minted",
    suspension: [],
    openDisputes: 0,
    provenanceHash: provenanceHashOf(ATTESTERS, methodologiesHash(manifest), termsHashOf(manifest)),
    vintageStartDay: manifest.vintage.startDay,
    vintageEndDay: manifest.vintage.endDay,
    claimPeriodDays: manifest.claimPeriodDays,
    region: manifest.region,
    buffer,
    challengeWindowSeconds: 0,
    strikesHash: NO_STRIKES,
    terms: termWords(manifest, change.openDisputes),
    ...(fields as Partial<BatchWords>),
  });
  return new Map([
    ...batchWordSlots(batchId, manifest.format).map((slot, i) => [slot, words[i] as Hex] as const),
    [rootSlot(manifest.root), batchOfRoot],
  ]);
}

/** What the registry keeps of a manifest's terms; null for one of the first format, which has none. */
export function termWords(manifest: StatedManifest, openClaims = 0): BatchTermWords | null {
  if (manifest.format === "microtonne-batch/1") return null;
  const none = 0n as Milligrams;
  return {
    category: manifest.category as CommittedCategory,
    hostCountry: manifest.hostCountry,
    adjustment: manifest.correspondingAdjustment,
    useByDay: manifest.useBy,
    openClaims,
    openGrams: 0,
    contested: none,
    impositions: 0,
    writeOff: { circulating: none, shortfall: none, retired: none, counted: none },
  };
}

export function retirementWord(retirement: Retirement): Map<Hex, Hex> {
  return new Map([[retirementSlot(retirement.retirementId), retirementRecordHash(retirement)]]);
}

/** A state with real tries: two registries among other accounts, their words among other words. */
export interface SampleState {
  readonly blockHash: Hex;
  readonly header: Uint8Array;
  /** Proofs of these slots of these contracts, as a proof file takes them. */
  evidence(
    asked: readonly { readonly address: Address; readonly slots: readonly Hex[] }[],
  ): Promise<BlockEvidence>;
}

export async function sampleState(
  batches: Words,
  retirements: Words,
  {
    contracts = CONTRACTS,
    blockNumber = 1234,
    otherWords = 40,
  }: { contracts?: ContractAddresses; blockNumber?: number; otherWords?: number } = {},
): Promise<SampleState> {
  const storages = new Map<Address, MerklePatriciaTrie>([
    [contracts.BatchRegistry, await storageTrie(batches, otherWords)],
    [contracts.RetirementRegistry, await storageTrie(retirements, otherWords)],
  ]);
  const words = new Map([
    [contracts.BatchRegistry, batches],
    [contracts.RetirementRegistry, retirements],
  ]);
  const accounts = await createMPT({ useKeyHashing: true });
  for (const [address, storage] of storages) await accounts.put(fromHex(address), accountRlp(storage.root()));
  for (let i = 0; i < 60; i++)
    await accounts.put(
      fromHex(sampleAddress(`other ${String(i)}`)),
      accountRlp(sampleWord(`storage ${String(i)}`)),
    );
  const header = RLP.encode([
    sampleWord("parent"),
    sampleWord("uncles"),
    fromHex(sampleAddress("miner")),
    accounts.root(),
    sampleWord("transactions"),
    sampleWord("receipts"),
    new Uint8Array(256),
    0,
    blockNumber,
    30_000_000,
    21_000,
    1_505_500_000,
    new Uint8Array(0),
    sampleWord("mix"),
    new Uint8Array(8),
    7,
    sampleWord("withdrawals"),
  ]);
  return {
    header,
    blockHash: toHex(keccak(header)),
    async evidence(asked) {
      const proofs = await Promise.all(
        asked.map(async ({ address, slots }): Promise<AccountProof> => {
          const storage = storages.get(address) as MerklePatriciaTrie;
          return {
            address,
            accountProof: (await createMerkleProof(accounts, fromHex(address))).map(toHex),
            storage: await Promise.all(
              slots.map(async (slot) => ({
                slot,
                value: words.get(address)?.get(slot) ?? NO_STRIKES,
                proof: (await createMerkleProof(storage, fromHex(slot))).map(toHex),
              })),
            ),
          };
        }),
      );
      return { header: toHex(header), headerScheme: "rlp", accounts: proofs };
    },
  };
}

/** All that a proof of a retirement needs. */
export function askedFor(
  shown: readonly Pick<SampleBatch, "batchId" | "manifest">[],
  retirementId: RetirementId | null,
  contracts = CONTRACTS,
) {
  const slots = shown.flatMap(({ batchId, manifest }) => batchSlots(batchId, manifest));
  const batches = { address: contracts.BatchRegistry, slots };
  return retirementId === null
    ? [batches]
    : [batches, { address: contracts.RetirementRegistry, slots: [retirementSlot(retirementId)] }];
}

async function storageTrie(words: Words, others: number): Promise<MerklePatriciaTrie> {
  const trie = await createMPT({ useKeyHashing: true });
  for (const [slot, word] of words)
    if (BigInt(word) !== 0n) await trie.put(fromHex(slot), RLP.encode(BigInt(word)));
  for (let i = 0; i < others; i++) await trie.put(sampleWord(`slot ${String(i)}`), RLP.encode(BigInt(i + 1)));
  return trie;
}

function accountRlp(storageRoot: Uint8Array): Uint8Array {
  return RLP.encode([1, 0, storageRoot, sampleWord("code")]);
}
