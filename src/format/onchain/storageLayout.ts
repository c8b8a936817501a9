import { bigEndian, concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { hashWords, wordOf } from "../abiWords.ts";
import { unmintedOf, type BatchAccounts } from "../batch/accounting.ts";
import { keccak } from "../keccak.ts";

/**
 * ERC-7201 namespace of the batches. Slot +0 is the mapping of its records, as in each namespace; +1 leads
 * from a root to its batch.
 */
export const BATCH_NAMESPACE = "microtonne.storage.BatchRegistry";
/** ERC-7201 namespace of the retirements. */
export const RETIREMENT_NAMESPACE = "microtonne.storage.RetirementRegistry";
/** Words of `struct StoredBatch`. */
const BATCH_WORDS = 6;
/** In the order of their numbers on chain. */
export const BATCH_STATUSES = ["none", "committed", "minted", "completed"] as const;
/** One of `BATCH_STATUSES`. */
export type BatchStatus = (typeof BATCH_STATUSES)[number];
/**
 * Why a batch may stand still, in the order of their bits on chain, lowest first: more was struck than was
 * left unminted; the chain of activity keys is broken; the operator did not open a gram in time; a dispute
 * got no ruling in time; a regulator's order; a verifier quorum's decision.
 */
export const SUSPENSION_CAUSES = [
  "shortfall",
  "broken-link",
  "unopened-gram",
  "no-ruling",
  "order",
  "quorum",
] as const;
/** One of `SUSPENSION_CAUSES`. */
export type SuspensionCause = (typeof SUSPENSION_CAUSES)[number];

/**
 * First slot of an ERC-7201 namespace: keccak256(uint256(keccak256(name)) - 1) with the last byte cleared.
 */
export function namespaceSlot(name: string): Hex {
  const before = BigInt(toHex(keccak(utf8(name)))) - 1n;
  const hash = keccak(bigEndian(before, 32));
  hash[31] = 0;
  return toHex(hash);
}

/** Slots of the words of one batch, in order. */
export function batchWordSlots(batchId: BatchId): Hex[] {
  const first = BigInt(mappingSlot(batchId, namespaceSlot(BATCH_NAMESPACE)));
  return Array.from({ length: BATCH_WORDS }, (_, word) => slotAfter(first, word));
}

/**
 * Slot that holds the id of the batch that committed to a root. That it holds a batch's id binds the batch to
 * the root.
 */
export function rootSlot(root: Hex): Hex {
  return mappingSlot(root, slotAfter(BigInt(namespaceSlot(BATCH_NAMESPACE)), 1));
}

/** All slots that a proof about a batch stands on: its words, then that of its root. */
export function batchSlots(batchId: BatchId, root: Hex): Hex[] {
  return [...batchWordSlots(batchId), rootSlot(root)];
}

/** Slot of the hash of one retirement's whole record. */
export function retirementSlot(retirementId: RetirementId): Hex {
  return mappingSlot(retirementId, namespaceSlot(RETIREMENT_NAMESPACE));
}

/** `struct StoredBatch` as it stands in storage, with what follows from it. Masses are whole milligrams. */
export interface BatchWords extends BatchAccounts {
  /** Not stored: follows from the other masses, below zero where the words are no batch's. */
  readonly unminted: Milligrams;
  readonly operator: Address;
  readonly committedAt: UnixSeconds;
  readonly leafCount: number;
  readonly status: BatchStatus;
  /** Empty where the batch moves freely. */
  readonly suspension: readonly SuspensionCause[];
  readonly openDisputes: number;
  /** `provenanceHashOf` attesters and methodologies. */
  readonly provenanceHash: Hex;
  readonly vintageStartDay: Day;
  readonly vintageEndDay: Day;
  readonly claimPeriodDays: number;
  /** Without its padding; empty in a batch that does not exist. */
  readonly region: string;
  /** Stays unminted until the claim period is over. */
  readonly buffer: Milligrams;
  /** Between commit and mint. */
  readonly challengeWindowSeconds: number;
  /** Zero while there are no strikes. */
  readonly strikesHash: Hex;
}

/**
 * The batch behind its 6 storage words, in the order of `batchWordSlots`. Solidity packs a slot from its
 * lowest byte up.
 * @throws InputError `storage.malformed`
 */
export function decodeBatchWords(words: readonly Hex[]): BatchWords {
  if (words.length !== BATCH_WORDS)
    throw new InputError(
      "storage.malformed",
      `A batch has ${String(BATCH_WORDS)} words, not ${String(words.length)}.`,
    );
  const [masses, identity, provenanceHash, terms, debts, strikesHash] = words.map((word) =>
    toHex(fromHex(word, 32)),
  ) as [Hex, Hex, Hex, Hex, Hex, Hex];
  const status = BATCH_STATUSES[Number(bits(identity, 232, 8))];
  if (status === undefined)
    throw new InputError("storage.malformed", "The batch has a status that this version does not know.");
  const accounts: BatchAccounts = {
    total: bits(masses, 0, 64) as Milligrams,
    minted: bits(masses, 64, 64) as Milligrams,
    struck: bits(masses, 128, 64) as Milligrams,
    retired: bits(masses, 192, 64) as Milligrams,
    shortfall: bits(debts, 0, 64) as Milligrams,
    replaced: bits(debts, 64, 64) as Milligrams,
  };
  return {
    ...accounts,
    unminted: unmintedOf(accounts),
    operator: toHex(bigEndian(bits(identity, 0, 160), 20)),
    committedAt: Number(bits(identity, 160, 40)) as UnixSeconds,
    leafCount: Number(bits(identity, 200, 32)),
    status,
    suspension: causesOf(Number(bits(identity, 240, 8))),
    openDisputes: Number(bits(identity, 248, 8)),
    provenanceHash,
    vintageStartDay: Number(bits(terms, 0, 32)) as Day,
    vintageEndDay: Number(bits(terms, 32, 32)) as Day,
    claimPeriodDays: Number(bits(terms, 64, 32)),
    region: new TextDecoder().decode(bigEndian(bits(terms, 96, 64), 8)).replace(/\0+$/, ""),
    buffer: bits(terms, 160, 64) as Milligrams,
    challengeWindowSeconds: Number(bits(terms, 224, 32)),
    strikesHash,
  };
}

/** What `provenanceHash` must be for these verifiers and this `methodologiesHash` (as in the statement). */
export function provenanceHashOf(attesters: readonly Address[], methodologiesHash: Hex): Hex {
  return hashWords(wordOf(attestersHashOf(attesters)), wordOf(methodologiesHash));
}

/** keccak-256 of the addresses, ascending, 20 bytes each. */
export function attestersHashOf(attesters: readonly Address[]): Hex {
  const ascending = attesters.map((attester) => toHex(fromHex(attester, 20))).toSorted();
  return toHex(keccak(concatBytes(...ascending.map((attester) => fromHex(attester)))));
}

function causesOf(set: number): SuspensionCause[] {
  if (set >> SUSPENSION_CAUSES.length !== 0)
    throw new InputError(
      "storage.malformed",
      "The batch is suspended for a cause that this version does not know.",
    );
  return SUSPENSION_CAUSES.filter((_, bit) => ((set >> bit) & 1) === 1);
}

function mappingSlot(key: Hex, base: Hex): Hex {
  return hashWords(wordOf(key), wordOf(base));
}

function slotAfter(slot: bigint, offset: number): Hex {
  return toHex(bigEndian((slot + BigInt(offset)) % 2n ** 256n, 32));
}

function bits(word: Hex, offset: number, width: number): bigint {
  return (BigInt(word) >> BigInt(offset)) & ((1n << BigInt(width)) - 1n);
}
