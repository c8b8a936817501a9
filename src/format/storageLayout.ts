import { bigEndian, concatBytes, fromHex, toHex, utf8 } from "../base/lib/bytes.ts";
import { InputError } from "../base/errors/errors.ts";
import type { Address, BatchId, Hex, RetirementId } from "../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../base/types/quantities.ts";
import { hashWords, wordOf } from "./abiWords.ts";
import { keccak } from "./keccak.ts";

/** ERC-7201 namespaces. In each, slot +0 is the mapping that storage proofs are made against. */
export const BATCH_NAMESPACE = "microtonne.storage.BatchRegistry";
export const RETIREMENT_NAMESPACE = "microtonne.storage.RetirementRegistry";
/** Words of `struct Batch`. */
export const BATCH_WORDS = 7;

/** First slot of an ERC-7201 namespace: keccak256(uint256(keccak256(name)) - 1) with the last byte cleared. */
export function namespaceSlot(name: string): Hex {
  const before = BigInt(toHex(keccak(utf8(name)))) - 1n;
  const hash = keccak(bigEndian(before, 32));
  hash[31] = 0;
  return toHex(hash);
}

/** Slots of the words of one batch, in order. */
export function batchWordSlots(batchId: BatchId): Hex[] {
  const first = BigInt(mappingSlot(batchId, namespaceSlot(BATCH_NAMESPACE)));
  return Array.from({ length: BATCH_WORDS }, (_, word) => toHex(bigEndian((first + BigInt(word)) % 2n ** 256n, 32)));
}

/** Slot of the hash of one retirement's whole record. */
export function retirementSlot(retirementId: RetirementId): Hex {
  return mappingSlot(retirementId, namespaceSlot(RETIREMENT_NAMESPACE));
}

/** `struct Batch` as it stands in storage. Masses are whole milligrams. */
export interface BatchWords {
  readonly root: Hex;
  readonly total: Milligrams;
  readonly minted: Milligrams;
  readonly unminted: Milligrams;
  readonly struck: Milligrams;
  readonly shortfall: Milligrams;
  readonly replaced: Milligrams;
  readonly retired: Milligrams;
  readonly buffer: Milligrams;
  readonly operator: Address;
  readonly committedAt: UnixSeconds;
  readonly leafCount: number;
  readonly status: "none" | "committed" | "minted";
  /** keccak-256 of the attesters' addresses, ascending, 20 bytes each. */
  readonly attestersHash: Hex;
  /** Zero while there are no strikes. */
  readonly strikesHash: Hex;
  readonly vintageStartDay: Day;
  readonly vintageEndDay: Day;
  readonly claimPeriodDays: number;
  /** Without its padding; empty in a batch that does not exist. */
  readonly region: string;
}

const STATUSES = ["none", "committed", "minted"] as const;

/**
 * The batch behind its 7 storage words, in the order of `batchWordSlots`. Solidity packs a slot from its lowest byte up.
 * @throws InputError `storage.malformed`
 */
export function decodeBatchWords(words: readonly Hex[]): BatchWords {
  if (words.length !== BATCH_WORDS)
    throw new InputError("storage.malformed", `A batch has ${String(BATCH_WORDS)} words, not ${String(words.length)}.`);
  const [root, masses, moreMasses, identity, attestersHash, strikesHash, terms] = words.map((word) => toHex(fromHex(word, 32))) as [
    Hex,
    Hex,
    Hex,
    Hex,
    Hex,
    Hex,
    Hex,
  ];
  const status = STATUSES[Number(bits(identity, 232, 8))];
  if (status === undefined) throw new InputError("storage.malformed", "The batch has a status that this version does not know.");
  return {
    root,
    total: bits(masses, 0, 64) as Milligrams,
    minted: bits(masses, 64, 64) as Milligrams,
    unminted: bits(masses, 128, 64) as Milligrams,
    struck: bits(masses, 192, 64) as Milligrams,
    shortfall: bits(moreMasses, 0, 64) as Milligrams,
    replaced: bits(moreMasses, 64, 64) as Milligrams,
    retired: bits(moreMasses, 128, 64) as Milligrams,
    buffer: bits(terms, 160, 64) as Milligrams,
    operator: toHex(bigEndian(bits(identity, 0, 160), 20)),
    committedAt: Number(bits(identity, 160, 40)) as UnixSeconds,
    leafCount: Number(bits(identity, 200, 32)),
    status,
    attestersHash,
    strikesHash,
    vintageStartDay: Number(bits(terms, 0, 32)) as Day,
    vintageEndDay: Number(bits(terms, 32, 32)) as Day,
    claimPeriodDays: Number(bits(terms, 64, 32)),
    region: new TextDecoder().decode(bigEndian(bits(terms, 96, 64), 8)).replace(/\0+$/, ""),
  };
}

/** What `attestersHash` must be for these verifiers. */
export function attestersHashOf(attesters: readonly Address[]): Hex {
  const ascending = attesters.map((attester) => toHex(fromHex(attester, 20))).toSorted();
  return toHex(keccak(concatBytes(...ascending.map((attester) => fromHex(attester)))));
}

function mappingSlot(key: Hex, base: Hex): Hex {
  return hashWords(wordOf(key), wordOf(base));
}

function bits(word: Hex, offset: number, width: number): bigint {
  return (BigInt(word) >> BigInt(offset)) & ((1n << BigInt(width)) - 1n);
}
