import type { Retirement } from "../../base/types/retirement.ts";
import type { RetirementPlan } from "./ports.ts";

/**
 * Whether the chain's record is the retirement that was planned: the same holder, words and amounts, batch by
 * batch in the order of the call. When, and which serials of a batch, is for the chain to say.
 */
export function isAsPlanned(plan: RetirementPlan, record: Retirement): boolean {
  return (
    plan.retirementId === record.retirementId &&
    plan.holder.toLowerCase() === record.holder.toLowerCase() &&
    plan.beneficiaryHash === record.beneficiaryHash &&
    plan.documentHash === record.documentHash &&
    plan.purpose === record.purpose &&
    plan.reportingYear === record.reportingYear &&
    plan.country === record.country &&
    plan.amounts.length === record.lines.length &&
    plan.amounts.every(({ batchId, milligrams }, index) => {
      const line = record.lines[index];
      return line?.batchId === batchId && line.end - line.start === milligrams;
    })
  );
}
