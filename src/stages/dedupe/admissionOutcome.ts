import type { Reduction } from "../../base/types/reduction.ts";
import type { AdmissionOutcome, KeyHolder } from "./ports.ts";

/**
 * What becomes of a reduction whose record id is new, given those that hold its activity key already (at
 * least one). Equal keys mean the same subject, scenario class and minute; so one provider's further acts of
 * that minute aggregate into the same leaf, and all others are the same act told twice. An act without a
 * subject is never aggregated: its key is its record's own; nor is one that is keyed by its asset. Such a key
 * is a whole month of an installation: a dropped record does not hold it against the true report.
 */
export function admissionOutcome(candidate: Reduction, holders: readonly KeyHolder[]): AdmissionOutcome {
  if (candidate.anchored === true && holders.every(({ dropped }) => dropped)) return "accepted";
  const first = holders[0] as KeyHolder;
  const { record } = candidate;
  const comparable = candidate.subjectKey !== null && first.hasSubject && candidate.anchored !== true;
  if (comparable && holders.some((holder) => sameContent(record, holder))) return "duplicate.same-content";
  if (!comparable || first.provider !== record.provider || first.methodologyId !== candidate.methodologyId)
    return "duplicate.activity-key";
  return holders.some((holder) => holder.closed) ? "duplicate.closed" : "accepted";
}

function sameContent(record: Reduction["record"], holder: KeyHolder): boolean {
  return (
    holder.provider === record.provider &&
    holder.scenario === record.scenario &&
    holder.startedAt === record.startedAt &&
    holder.endedAt === record.endedAt &&
    holder.quantity === record.quantity &&
    holder.unit === record.unit
  );
}
