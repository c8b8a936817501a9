import { bigEndian, toHex } from "../../base/lib/bytes.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { hashWords, wordBits, wordOf } from "../abiWords.ts";

/**
 * The six words of a batch in registries of the first deployments, frozen: block proofs of batches there are
 * read by this for ever.
 */

/** Words of `struct StoredBatch` there. */
export const BATCH_WORDS_1 = 6;

/** What stands in them, status and suspension as the chain's own numbers. Masses are whole milligrams. */
export interface StoredBatch1 {
  readonly total: Milligrams;
  readonly minted: Milligrams;
  readonly struck: Milligrams;
  readonly retired: Milligrams;
  readonly shortfall: Milligrams;
  readonly replaced: Milligrams;
  readonly operator: Address;
  readonly committedAt: UnixSeconds;
  readonly leafCount: number;
  readonly statusNumber: number;
  readonly suspensionBits: number;
  /** Of all kinds: there was one counter. */
  readonly openDisputes: number;
  /** `provenanceHash1` of attesters and methodologies. */
  readonly provenanceHash: Hex;
  readonly vintageStartDay: Day;
  readonly vintageEndDay: Day;
  readonly claimPeriodDays: number;
  /** Without its padding; empty in a batch that does not exist. */
  readonly region: string;
  readonly buffer: Milligrams;
  readonly challengeWindowSeconds: number;
  readonly strikesHash: Hex;
}

/** Six words of 32 bytes as a batch; a slot is packed from its lowest byte up. */
export function decodeStoredBatch1(words: readonly [Hex, Hex, Hex, Hex, Hex, Hex]): StoredBatch1 {
  const [masses, identity, provenanceHash, terms, debts, strikesHash] = words;
  const mass = (word: Hex, offset: number): Milligrams => wordBits(word, offset, 64) as Milligrams;
  return {
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
    openDisputes: Number(wordBits(identity, 248, 8)),
    provenanceHash,
    vintageStartDay: Number(wordBits(terms, 0, 32)) as Day,
    vintageEndDay: Number(wordBits(terms, 32, 32)) as Day,
    claimPeriodDays: Number(wordBits(terms, 64, 32)),
    region: new TextDecoder().decode(bigEndian(wordBits(terms, 96, 64), 8)).replace(/\0+$/, ""),
    buffer: mass(terms, 160),
    challengeWindowSeconds: Number(wordBits(terms, 224, 32)),
    strikesHash,
  };
}

/** keccak-256 of both hashes: what such a registry keeps of attesters and methodologies. */
export function provenanceHash1(attestersHash: Hex, methodologiesHash: Hex): Hex {
  return hashWords(wordOf(attestersHash), wordOf(methodologiesHash));
}
