import { concatBytes, toHex, utf8 } from "../../base/lib/bytes.ts";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, BatchId, Hex, RegionCode, RetirementId } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import { PURPOSES, type Purpose, type Retirement } from "../../base/types/retirement.ts";
import { addressWord, asciiWord, hashWords, uintWord, wordOf } from "../abiWords.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";

/** Who a retirement is for. The name stays off chain, behind a salted hash. */
export interface Beneficiary {
  readonly name: string;
  /** ISO 17442 legal entity identifier. */
  readonly lei?: string;
}

/** Words of the fixed part of the struct; its last is the offset of the lines. */
const FIXED_WORDS = 9;

/** 1 to 6 as the contract counts purposes. */
export function purposeNumber(purpose: Purpose): number {
  return PURPOSES.indexOf(purpose) + 1;
}

/** The purpose behind the contract's number. @throws InputError `retirement.purpose` */
export function purposeOfNumber(value: number): Purpose {
  const purpose = PURPOSES[value - 1];
  if (purpose === undefined)
    throw new InputError(
      "retirement.purpose",
      `${String(value)} is no purpose; 1 to ${String(PURPOSES.length)} are.`,
    );
  return purpose;
}

/**
 * keccak-256(abi.encode(retirement)), the whole record as one dynamic struct: the word that
 * RetirementRegistry keeps.
 * @throws InputError `abi.out-of-range`, `hex.malformed`
 */
export function retirementRecordHash(retirement: Retirement): Hex {
  const lines = retirement.lines.flatMap((line) => [
    wordOf(line.batchId),
    uintWord(line.start, 64),
    uintWord(line.end, 64),
  ]);
  return hashWords(
    uintWord(32, 256),
    wordOf(retirement.retirementId),
    addressWord(retirement.holder),
    wordOf(retirement.beneficiaryHash),
    wordOf(retirement.documentHash),
    uintWord(purposeNumber(retirement.purpose), 8),
    uintWord(retirement.reportingYear, 16),
    asciiWord(retirement.country, 2),
    uintWord(retirement.retiredAt, 64),
    uintWord(FIXED_WORDS * 32, 256),
    uintWord(retirement.lines.length, 256),
    ...lines,
  );
}

/** keccak-256(abi.encode(holder, nonce)): nobody else can take the id of a holder's retirement first. */
export function retirementIdOf(holder: Address, nonce: Hex): RetirementId {
  return hashWords(addressWord(holder), wordOf(nonce)) as RetirementId;
}

/**
 * keccak-256(32-byte salt, canonical JSON of the beneficiary). @throws InputError as `canonicalJson`,
 * `retirement.salt`
 */
export function beneficiaryHash(salt: Uint8Array, beneficiary: Beneficiary): Hex {
  return saltedHash(salt, beneficiary);
}

/**
 * By whose rules grams of a retirement are recognised, and how many: stands behind its document hash. Masses
 * are whole milligrams.
 */
export interface RetirementRecognition {
  /** The region that recognises. */
  readonly authority: RegionCode;
  /** keccak-256 of the authority's rules (`microtonne-recognition/1`); null where it needs none. */
  readonly rulesHash: Hex | null;
  /** What is claimed: at most the sum of what is recognised. */
  readonly claim: Milligrams;
  /** Of each line of the record, in its order. */
  readonly lines: readonly {
    readonly batchId: BatchId;
    /** Id of the rule; null for the authority's own region. */
    readonly rule: string | null;
    readonly discountBps: number;
    /** `recogniseDown` of the line's milligrams. */
    readonly recognised: Milligrams;
  }[];
}

/**
 * keccak-256(32-byte salt, canonical JSON of {"use": text}), or of {"recognition": …, "use": text} where an
 * authority recognises it: what the retirement serves, in words that stay off chain. @throws as above
 */
export function documentHash(salt: Uint8Array, use: string, recognition?: RetirementRecognition): Hex {
  return saltedHash(salt, recognition === undefined ? { use } : { recognition: plain(recognition), use });
}

/** Masses as decimal strings, as everywhere in JSON. */
function plain({ claim, lines, ...rest }: RetirementRecognition): unknown {
  return {
    ...rest,
    claim: claim.toString(),
    lines: lines.map(({ recognised, ...line }) => ({ ...line, recognised: recognised.toString() })),
  };
}

function saltedHash(salt: Uint8Array, value: unknown): Hex {
  if (salt.length !== 32) throw new InputError("retirement.salt", "The salt of a retirement has 32 bytes.");
  return toHex(keccak(concatBytes(salt, utf8(canonicalJson(value)))));
}
