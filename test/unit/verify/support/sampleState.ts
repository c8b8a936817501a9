import { createMerkleProof, createMPT, type MerklePatriciaTrie } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { ContractAddresses } from "../../../../src/base/types/deployment.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../../../src/base/types/ids.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import { keccak } from "../../../../src/format/keccak.ts";
import type { AccountProof, BlockEvidence } from "../../../../src/format/proofFile.ts";
import { retirementRecordHash } from "../../../../src/format/retirementRecord.ts";
import { attestersHashOf, batchWordSlots, retirementSlot } from "../../../../src/format/storageLayout.ts";
import { NO_STRIKES } from "../../../../src/format/strikes.ts";
import { CONTRACTS, sampleAddress, sampleWord, type SampleBatch } from "./sampleBatch.ts";

/** Fields of a stored batch that a test may want otherwise. */
export interface BatchChange {
  root?: Hex;
  total?: bigint;
  minted?: bigint;
  unminted?: bigint;
  struck?: bigint;
  shortfall?: bigint;
  replaced?: bigint;
  retired?: bigint;
  buffer?: bigint;
  operator?: Address;
  committedAt?: number;
  leafCount?: number;
  status?: number;
  strikesHash?: Hex;
  startDay?: number;
  endDay?: number;
  claimPeriodDays?: number;
  region?: string;
}

/** Storage words by slot. */
export type Words = ReadonlyMap<Hex, Hex>;

export const ATTESTERS = [sampleAddress("verifier 1"), sampleAddress("verifier 2")];

/** The seven words of a batch that is minted and of which all but the buffer is retired. */
export function batchWords({ batchId, manifest }: Pick<SampleBatch, "batchId" | "manifest">, change: BatchChange = {}): Map<Hex, Hex> {
  const total = manifest.totalMilligrams;
  const buffer = (total * BigInt(manifest.bufferBps)) / 10_000n;
  const fields = {
    root: manifest.root,
    total: total as bigint,
    minted: total - buffer,
    unminted: buffer,
    struck: 0n,
    shortfall: 0n,
    replaced: 0n,
    retired: total - buffer,
    buffer,
    operator: manifest.operator,
    committedAt: 1_505_400_000,
    leafCount: manifest.leafCount,
    status: 2,
    strikesHash: NO_STRIKES,
    startDay: manifest.vintage.startDay as number,
    endDay: manifest.vintage.endDay as number,
    claimPeriodDays: manifest.claimPeriodDays,
    region: manifest.region as string,
    ...change,
  };
  const region = Buffer.alloc(8);
  region.write(fields.region, "ascii");
  const words = [
    fields.root,
    packed([fields.total, 64], [fields.minted, 64], [fields.unminted, 64], [fields.struck, 64]),
    packed([fields.shortfall, 64], [fields.replaced, 64], [fields.retired, 64]),
    packed([BigInt(fields.operator), 160], [BigInt(fields.committedAt), 40], [BigInt(fields.leafCount), 32], [BigInt(fields.status), 8]),
    attestersHashOf(ATTESTERS),
    fields.strikesHash,
    packed(
      [BigInt(fields.startDay), 32],
      [BigInt(fields.endDay), 32],
      [BigInt(fields.claimPeriodDays), 32],
      [region.readBigUInt64BE(), 64],
      [fields.buffer, 64],
    ),
  ];
  return new Map(batchWordSlots(batchId).map((slot, i) => [slot, words[i] as Hex]));
}

export function retirementWord(retirement: Retirement): Map<Hex, Hex> {
  return new Map([[retirementSlot(retirement.retirementId), retirementRecordHash(retirement)]]);
}

/** As Solidity packs a slot: the first field lowest. */
function packed(...fields: [value: bigint, bits: number][]): Hex {
  let word = 0n;
  let offset = 0n;
  for (const [value, width] of fields) {
    word |= value << offset;
    offset += BigInt(width);
  }
  return `0x${word.toString(16).padStart(64, "0")}`;
}

/** A state with real tries: two registries among other accounts, their words among other words. */
export interface SampleState {
  readonly blockHash: Hex;
  readonly header: Uint8Array;
  /** Proofs of these slots of these contracts, as a proof file takes them. */
  evidence(asked: readonly { readonly address: Address; readonly slots: readonly Hex[] }[]): Promise<BlockEvidence>;
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
    await accounts.put(fromHex(sampleAddress(`other ${String(i)}`)), accountRlp(sampleWord(`storage ${String(i)}`)));
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
export function askedFor(batchIds: readonly BatchId[], retirementId: RetirementId | null, contracts = CONTRACTS) {
  const batches = { address: contracts.BatchRegistry, slots: batchIds.flatMap(batchWordSlots) };
  return retirementId === null ? [batches] : [batches, { address: contracts.RetirementRegistry, slots: [retirementSlot(retirementId)] }];
}

async function storageTrie(words: Words, others: number): Promise<MerklePatriciaTrie> {
  const trie = await createMPT({ useKeyHashing: true });
  for (const [slot, word] of words) if (BigInt(word) !== 0n) await trie.put(fromHex(slot), RLP.encode(BigInt(word)));
  for (let i = 0; i < others; i++) await trie.put(sampleWord(`slot ${String(i)}`), RLP.encode(BigInt(i + 1)));
  return trie;
}

function accountRlp(storageRoot: Uint8Array): Uint8Array {
  return RLP.encode([1, 0, storageRoot, sampleWord("code")]);
}
