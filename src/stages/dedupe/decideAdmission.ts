import type { Reduction } from "../../base/types/reduction.ts";
import { admissionOutcome } from "./admissionOutcome.ts";
import { countOutcomes } from "./countOutcomes.ts";
import type {
  ActJudge,
  AdmissionDecision,
  AdmissionOutcome,
  AssetJudge,
  KeyHolder,
  KnownKeys,
  NamedReduction,
} from "./ports.ts";

/**
 * Decides row by row, as if each row before had been stored: among rows of one chunk the first by order wins,
 * and a refused row leaves its record id free for a later one. What is here already is never called
 * impossible: `acts` is asked last.
 */
export function decideAdmission(
  chunk: readonly NamedReduction[],
  known: KnownKeys,
  acts: ActJudge | null,
  assets: AssetJudge | null = null,
): AdmissionDecision {
  const accepted: Reduction[] = [];
  const records = new Set<string>();
  /** Of the keys that the chunk itself has added to: the one that claimed a key nobody held, … */
  const claims = new Map<string, Reduction>();
  /** … and, where others came, the stored holders and its own. */
  const holders = new Map<string, KeyHolder[]>();
  const joinedUnder = (key: string): KeyHolder[] | undefined => {
    const joined = holders.get(key);
    const claim = joined === undefined ? claims.get(key) : undefined;
    if (claim === undefined) return joined;
    const first = [openHolder(claim)];
    holders.set(key, first);
    return first;
  };
  const outcomes = chunk.map(({ reduction, record, key }): AdmissionOutcome => {
    if (known.records.has(record) || records.has(record)) return "duplicate.record-id";
    const joined = joinedUnder(key);
    const holding = joined ?? known.holders.get(key);
    const duplicate = holding === undefined ? "accepted" : admissionOutcome(reduction, holding);
    if (duplicate !== "accepted") return duplicate;
    const claimed = assets?.judge(reduction) ?? null;
    if (claimed !== null) return claimed;
    const implausible = acts?.judge(reduction) ?? null;
    if (implausible !== null) return implausible;
    if (holding === undefined) claims.set(key, reduction);
    else if (joined === undefined) holders.set(key, [...holding, openHolder(reduction)]);
    else joined.push(openHolder(reduction));
    records.add(record);
    acts?.keep(reduction);
    assets?.keep(reduction);
    accepted.push(reduction);
    return "accepted";
  });
  return { outcomes, accepted, counts: countOutcomes(outcomes, accepted) };
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
