import { milligrams } from "../../../../../src/base/lib/mass.ts";
import type { BatchId, Hex, RetirementId } from "../../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../../../src/base/types/retirement.ts";
import type { RetirementPlan, StoredRetirement } from "../../../../../src/stages/retire/ports.ts";

/** 32 bytes. */
export const id = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;

/** 300 mg of one batch and 50 mg of another. */
export const PLAN: RetirementPlan = {
  retirementId: id(1) as RetirementId,
  holder: "0x00000000000000000000000000000000000000bb",
  nonce: id(2),
  beneficiaryHash: id(3),
  documentHash: id(4),
  purpose: "corporate-neutrality",
  reportingYear: 2025,
  country: "CN",
  amounts: [
    { batchId: id(5) as BatchId, milligrams: milligrams(300n) },
    { batchId: id(6) as BatchId, milligrams: milligrams(50n) },
  ],
  disclosed: null,
  requestedAt: 1_740_787_200 as UnixSeconds,
};

export const REQUESTED: StoredRetirement = {
  ...PLAN,
  state: "requested",
  record: null,
  failure: null,
  proven: false,
};

/** What the chain says of a plan, its ranges beginning at `start`. */
export function recordOf(plan: RetirementPlan, start = 0n): Retirement {
  const { retirementId, holder, beneficiaryHash, documentHash, purpose, reportingYear, country } = plan;
  const words = { retirementId, holder, beneficiaryHash, documentHash, purpose, reportingYear, country };
  const lines = plan.amounts.map(({ batchId, milligrams: mass }) => ({
    batchId,
    start: milligrams(start),
    end: milligrams(start + mass),
  }));
  return { ...words, retiredAt: (plan.requestedAt + 60) as UnixSeconds, lines };
}
