import type { Address, BatchId, Hex, RetirementId } from "./ids.ts";
import type { Milligrams, UnixSeconds } from "./quantities.ts";

/**
 * The five purposes that a holder chooses from: White Paper on Carbon Inclusion Development 2025, section 2,
 * in contract order (1 to 5).
 */
export const CHOSEN_PURPOSES = [
  "compliance-offset",
  "event-neutrality",
  "corporate-neutrality",
  "product-neutrality",
  "ecological-compensation",
] as const;
/** One of `CHOSEN_PURPOSES`. */
export type ChosenPurpose = (typeof CHOSEN_PURPOSES)[number];

/**
 * All purposes in contract order. "replacement" (6) is set by the contract alone, where an operator makes a
 * shortfall of another batch good.
 */
export const PURPOSES = [...CHOSEN_PURPOSES, "replacement"] as const;
/** One of `PURPOSES`. */
export type Purpose = (typeof PURPOSES)[number];

/** A serial range of one batch used up by a retirement: milligrams [start, end). */
export interface RetirementLine {
  readonly batchId: BatchId;
  readonly start: Milligrams;
  readonly end: Milligrams;
}

/** The whole record whose abi.encode hash stands on chain. */
export interface Retirement {
  readonly retirementId: RetirementId;
  readonly holder: Address;
  /** keccak-256(salt, canonical JSON of the beneficiary); the name itself stays off chain. */
  readonly beneficiaryHash: Hex;
  readonly documentHash: Hex;
  readonly purpose: Purpose;
  readonly reportingYear: number;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly retiredAt: UnixSeconds;
  readonly lines: readonly RetirementLine[];
}
