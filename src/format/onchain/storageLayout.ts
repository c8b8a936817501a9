import { bigEndian, concatBytes, fromHex, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { hashWords, wordBits, wordOf } from "../abiWords.ts";
import { unmintedOf } from "../batch/accounting.ts";
import { keccak } from "../keccak.ts";
import { BATCH_WORDS_1, decodeStoredBatch1, provenanceHash1, type StoredBatch1 } from "../v1/storageWords.ts";
import {
  ADJUSTMENTS,
  COMMITTED_CATEGORIES,
  type Adjustment,
  type CommittedCategory,
} from "./batchStatement.ts";
import type { TermedManifest } from "./termsHash.ts";

/**
 * ERC-7201 namespace of the batches. Slot +0 is the mapping of its records, as in each namespace; +1 leads
 * from a root to its batch.
 */
export const BATCH_NAMESPACE = "microtonne.storage.BatchRegistry";
/** ERC-7201 namespace of the retirements. */
export const RETIREMENT_NAMESPACE = "microtonne.storage.RetirementRegistry";
/** Which manifest a batch has decides in which layout its words are read: `format` of the manifest. */
export type BatchFormat = TermedManifest["format"];
/** Words of `struct StoredBatch`. */
const BATCH_WORDS: Record<BatchFormat, number> = {
  "microtonne-batch/1": BATCH_WORDS_1,
  "microtonne-batch/2": 7,
};
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

/** Slots of the words of one batch, in order: six of the first format, seven of the second. */
export function batchWordSlots(batchId: BatchId, format: BatchFormat): Hex[] {
  const first = BigInt(mappingSlot(batchId, namespaceSlot(BATCH_NAMESPACE)));
  return Array.from({ length: BATCH_WORDS[format] }, (_, word) => slotAfter(first, word));
}

/**
 * Slot that holds the id of the batch that committed to a root. That it holds a batch's id binds the batch to
 * the root.
 */
export function rootSlot(root: Hex): Hex {
  return mappingSlot(root, slotAfter(BigInt(namespaceSlot(BATCH_NAMESPACE)), 1));
}

/** All slots that a proof about a batch stands on: its words, then that of its root. */
export function batchSlots(batchId: BatchId, { root, format }: BatchPlace): Hex[] {
  return [...batchWordSlots(batchId, format), rootSlot(root)];
}

/** What of a manifest says where its batch stands in storage. */
export interface BatchPlace {
  readonly root: Hex;
  readonly format: BatchFormat;
}

/** Slot of the hash of one retirement's whole record. */
export function retirementSlot(retirementId: RetirementId): Hex {
  return mappingSlot(retirementId, namespaceSlot(RETIREMENT_NAMESPACE));
}

/** What a write-off fixed, in whole milligrams; all zero without one. */
export interface WriteOffWords {
  readonly circulating: Milligrams;
  readonly shortfall: Milligrams;
  /** The cursor then. */
  readonly retired: Milligrams;
  /** What retirements since counted for. */
  readonly counted: Milligrams;
}

/** What a batch keeps since the second format. */
export interface BatchTermWords {
  /** Null in a batch that does not exist. */
  readonly category: CommittedCategory | null;
  /** Two letters; empty in a batch that does not exist. */
  readonly hostCountry: string;
  /** As it stands now: the country's registry may have changed it since the batch was closed. */
  readonly adjustment: Adjustment;
  /** The last day on which the batch may be retired, in the time zone of its vintage; null: none. */
  readonly useByDay: Day | null;
  readonly openClaims: number;
  readonly openGrams: number;
  /** Of double claims that are open. Zero: no contract uses it yet, like the write-off. */
  readonly contested: Milligrams;
  /** How often a cause of suspension was set that did not stand. */
  readonly impositions: number;
  readonly writeOff: WriteOffWords;
}

/** `struct StoredBatch` as it stands in storage, with what follows from it. Masses are whole milligrams. */
export interface BatchWords extends Omit<StoredBatch1, "statusNumber" | "suspensionBits"> {
  /** Not stored: follows from the other masses, below zero where the words are no batch's. */
  readonly unminted: Milligrams;
  readonly status: BatchStatus;
  /** Empty where the batch moves freely. */
  readonly suspension: readonly SuspensionCause[];
  /** Of all kinds together. */
  readonly openDisputes: number;
  /** Null in the first layout. */
  readonly terms: BatchTermWords | null;
}

/**
 * The batch behind its storage words, in the order of `batchWordSlots`: six in the first layout, seven in the
 * second.
 * @throws InputError `storage.malformed`
 */
export function decodeBatchWords(words: readonly Hex[]): BatchWords {
  const checked = words.map((word) => toHex(fromHex(word, 32)));
  if (checked.length === BATCH_WORDS["microtonne-batch/1"])
    return { ...namedBatch(decodeStoredBatch1(checked as SixWords)), terms: null };
  if (checked.length === BATCH_WORDS["microtonne-batch/2"]) return decodeSevenWords(checked as SevenWords);
  throw new InputError(
    "storage.malformed",
    `A batch has 6 words, or 7 since the second format, not ${String(words.length)}.`,
  );
}

/** Solidity packs a slot from its lowest byte up. @throws InputError `storage.malformed` */
function decodeSevenWords(words: SevenWords): BatchWords {
  const [masses, identity, provenanceHash, terms, debts, strikesHash, writeOff] = words;
  const [openClaims, openGrams] = [192, 208].map((offset) => Number(wordBits(debts, offset, 16))) as [
    number,
    number,
  ];
  const useByDay = Number(wordBits(terms, 48, 24));
  const batch = namedBatch({
    total: mass(masses, 0),
    minted: mass(masses, 64),
    struck: mass(masses, 128),
    retired: mass(masses, 192),
    shortfall: mass(debts, 0),
    replaced: mass(debts, 64),
    operator: toHex(bigEndian(wordBits(identity, 0, 160), 20)),
    committedAt: Number(wordBits(identity, 160, 40)) as UnixSeconds,
    leafCount: Number(wordBits(identity, 200, 32)),
    statusNumber: Number(wordBits(identity, 232, 8)),
    suspensionBits: Number(wordBits(identity, 240, 8)),
    openDisputes: openClaims + openGrams,
    provenanceHash,
    vintageStartDay: Number(wordBits(terms, 0, 24)) as Day,
    vintageEndDay: Number(wordBits(terms, 24, 24)) as Day,
    claimPeriodDays: Number(wordBits(terms, 72, 16)),
    region: paddedText(terms, 104, 8),
    buffer: mass(terms, 168),
    challengeWindowSeconds: Number(wordBits(terms, 232, 24)),
    strikesHash,
  });
  return {
    ...batch,
    terms: {
      category: categoryOf(Number(wordBits(identity, 248, 8))),
      hostCountry: paddedText(terms, 88, 2),
      adjustment: adjustmentOf(Number(wordBits(debts, 240, 8))),
      useByDay: useByDay === 0 ? null : (useByDay as Day),
      openClaims,
      openGrams,
      contested: mass(debts, 128),
      impositions: Number(wordBits(debts, 224, 16)),
      writeOff: {
        circulating: mass(writeOff, 0),
        shortfall: mass(writeOff, 64),
        retired: mass(writeOff, 128),
        counted: mass(writeOff, 192),
      },
    },
  };
}

/**
 * What `provenanceHash` must be for these verifiers, this `methodologiesHash` and this `termsHash` (as in the
 * statement).
 * @param termsHash null for a batch of the first format, which has none
 */
export function provenanceHashOf(
  attesters: readonly Address[],
  methodologiesHash: Hex,
  termsHash: Hex | null,
): Hex {
  const attestersHash = attestersHashOf(attesters);
  return termsHash === null
    ? provenanceHash1(attestersHash, methodologiesHash)
    : hashWords(wordOf(attestersHash), wordOf(methodologiesHash), wordOf(termsHash));
}

/** keccak-256 of the addresses, ascending, 20 bytes each. */
export function attestersHashOf(attesters: readonly Address[]): Hex {
  const ascending = attesters.map((attester) => toHex(fromHex(attester, 20))).toSorted();
  return toHex(keccak(concatBytes(...ascending.map((attester) => fromHex(attester)))));
}

type SixWords = [Hex, Hex, Hex, Hex, Hex, Hex];
type SevenWords = [...SixWords, Hex];

/** Numbers by their names. @throws InputError `storage.malformed` for one that has none */
function namedBatch({ statusNumber, suspensionBits, ...stored }: StoredBatch1): Omit<BatchWords, "terms"> {
  const status = BATCH_STATUSES[statusNumber];
  if (status === undefined)
    throw new InputError("storage.malformed", "The batch has a status that this version does not know.");
  return { ...stored, unminted: unmintedOf(stored), status, suspension: causesOf(suspensionBits) };
}

function categoryOf(value: number): CommittedCategory | null {
  const category = value === 0 ? null : COMMITTED_CATEGORIES[value - 1];
  if (category === undefined)
    throw new InputError("storage.malformed", "The batch has a category that this version does not know.");
  return category;
}

function adjustmentOf(value: number): Adjustment {
  const adjustment = ADJUSTMENTS[value];
  if (adjustment === undefined)
    throw new InputError(
      "storage.malformed",
      "The batch has a corresponding adjustment that this version does not know.",
    );
  return adjustment;
}

function mass(word: Hex, offset: number): Milligrams {
  return wordBits(word, offset, 64) as Milligrams;
}

/** ASCII of `bytes` bytes, without the zeros after it. */
function paddedText(word: Hex, offset: number, bytes: number): string {
  return new TextDecoder().decode(bigEndian(wordBits(word, offset, bytes * 8), bytes)).replace(/\0+$/, "");
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
