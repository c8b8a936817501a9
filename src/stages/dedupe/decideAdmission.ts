import type { Reduction } from "../../base/types/reduction.ts";
import type { AdmissionOutcome } from "./ports.ts";
import { admissionOutcome } from "./admissionOutcome.ts";
import type { KeyHolder } from "./admissionOutcome.ts";
import type { NamedReduction } from "../../adapters/storage/reductions/knownKeys.ts";
import type { SubjectDays } from "../../adapters/storage/reductions/subjectDays.ts";

/** What is to be done about a chunk. */
export interface AdmissionDecision {
  /** In the order given. */
  readonly outcomes: AdmissionOutcome[];
  readonly accepted: Reduction[];
  /** Those of the accepted that are the first under their activity key. */
  readonly claims: Reduction[];
}

/**
 * Decides row by row, as if each row before had been stored: a refused row leaves its record id free for a
 * later one. `records`, `holders` and `days` say what is stored already; all take the accepted rows in. What
 * is here already is never called impossible: `days` is asked last, and null asks nothing.
 */
export function decideAdmission(
  named: readonly NamedReduction[],
  records: Set<string>,
  holders: Map<string, KeyHolder[]>,
  days: SubjectDays | null,
): AdmissionDecision {
  const accepted: Reduction[] = [];
  const claims: Reduction[] = [];
  const outcomes = named.map(({ reduction, record, key }): AdmissionOutcome => {
    if (records.has(record)) return "duplicate.record-id";
    const holding = holders.get(key);
    const duplicate = holding === undefined ? "accepted" : admissionOutcome(reduction, holding);
    if (duplicate !== "accepted") return duplicate;
    const implausible = days?.judge(reduction) ?? null;
    if (implausible !== null) return implausible;
    if (holding === undefined) {
      holders.set(key, [openHolder(reduction)]);
      claims.push(reduction);
    } else holding.push(openHolder(reduction));
    records.add(record);
    days?.keep(reduction);
    accepted.push(reduction);
    return "accepted";
  });
  return { outcomes, accepted, claims };
}

function openHolder(reduction: Reduction): KeyHolder {
  const { record } = reduction;
  return {
    provider: record.provider,
    methodologyId: reduction.methodologyId,
    hasSubject: reduction.subjectKey !== null,
    scenario: record.scenario,
    startedAt: record.startedAt,
    endedAt: record.endedAt,
    quantity: record.quantity,
    unit: record.unit,
    closed: false,
  };
}
