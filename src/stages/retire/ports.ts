import type { Address, BatchId, Hex, RetirementId } from "../../base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import type { Purpose, Retirement } from "../../base/types/retirement.ts";

/** `requested` until the chain's word is final; `failed` where the chain refused. */
export type RetirementState = "requested" | "final" | "failed";

/** What is asked of the chain: the amounts in the order of the call. */
export interface RetirementPlan {
  readonly retirementId: RetirementId;
  readonly holder: Address;
  /** 32 bytes, from which the chain derives the id. */
  readonly nonce: Hex;
  readonly beneficiaryHash: Hex;
  readonly documentHash: Hex;
  readonly purpose: Purpose;
  readonly reportingYear: number;
  readonly country: string;
  readonly amounts: readonly RetirementAmount[];
  /** What opens `beneficiaryHash`, as JSON; stays off chain. */
  readonly disclosed: string | null;
  readonly requestedAt: UnixSeconds;
}
export interface RetirementAmount {
  readonly batchId: BatchId;
  /** > 0 */
  readonly milligrams: Milligrams;
}

export interface StoredRetirement extends RetirementPlan {
  readonly state: RetirementState;
  /** The record as the chain has it, once final. */
  readonly record: Retirement | null;
  readonly failure: string | null;
  /** Whether proof bytes are stored. */
  readonly proven: boolean;
}

/**
 * What the chain's final record of a retirement means: `known` where it is here as it is, `final` where it is
 * the first, `revised` where a reorg gave the retirement another time or range. Throws where it is not what
 * was asked for.
 */
export type DecideFinal = (stored: StoredRetirement, record: Retirement) => "known" | "final" | "revised";

/**
 * What the chain's refusal means for a retirement that is in `state`, null where it is unknown: `failed` the
 * first time, `again` after that. Throws where nothing waits for the chain.
 */
export type DecideFailure = (retirementId: RetirementId, state: RetirementState | null) => "failed" | "again";
