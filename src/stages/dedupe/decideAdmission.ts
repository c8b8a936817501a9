import { compareBytes } from "../../base/lib/bytes.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import { admissionOutcome } from "./admissionOutcome.ts";
import { countOutcomes } from "./countOutcomes.ts";
import type {
  ActJudge,
  AdmissionDecision,
  AdmissionOutcome,
  AssetJudge,
  CapJudge,
  KeyHolder,
  KnownKeys,
  NamedReduction,
} from "./ports.ts";

/**
 * Decides row by row, as if each row before had been stored: among rows of one chunk the first by order wins,
 * and a refused row leaves its record id free for a later one. What is here already is never called
 * impossible: `acts` is asked after that, and `caps` last, since what can't be true uses up nothing. Where a
 * methodology caps days or years, the order is not that of the rows but that of the acts: by start, then
 * activity key, then record id, so that a provider's order of rows decides nothing.
 */
export function decideAdmission(
  chunk: readonly NamedReduction[],
  known: KnownKeys,
  acts: ActJudge | null,
  assets: AssetJudge | null = null,
  caps: CapJudge | null = null,
): AdmissionDecision {
  const accepted: Reduction[] = [];
  const cuts = new Map<number, Milligrams>();
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
  const decide = ({ reduction, record, key }: NamedReduction, place: number): AdmissionOutcome => {
    if (known.records.has(record) || records.has(record)) return "duplicate.record-id";
    const joined = joinedUnder(key);
    const holding = joined ?? known.holders.get(key);
    const duplicate = holding === undefined ? "accepted" : admissionOutcome(reduction, holding);
    if (duplicate !== "accepted") return duplicate;
    const claimed = assets?.judge(reduction) ?? null;
    if (claimed !== null) return claimed;
    const implausible = acts?.judge(reduction) ?? null;
    if (implausible !== null) return implausible;
    const left = caps?.judge(reduction) ?? reduction.milligrams;
    if (typeof left === "string") return left;
    if (holding === undefined) claims.set(key, reduction);
    else if (joined === undefined) holders.set(key, [...holding, openHolder(reduction)]);
    else joined.push(openHolder(reduction));
    records.add(record);
    acts?.keep(reduction);
    assets?.keep(reduction);
    caps?.keep(reduction, left);
    const isCut = left < reduction.milligrams;
    if (isCut) cuts.set(place, left);
    accepted.push(isCut ? { ...reduction, milligrams: left } : reduction);
    return "accepted";
  };
  const outcomes = caps === null ? chunk.map(decide) : inOrderOfActs(chunk, decide);
  return { outcomes, accepted, cuts, counts: countOutcomes(outcomes, accepted) };
}

/** The outcomes in the order given, decided in that of the acts. */
function inOrderOfActs(
  chunk: readonly NamedReduction[],
  decide: (named: NamedReduction, place: number) => AdmissionOutcome,
): AdmissionOutcome[] {
  const outcomes: AdmissionOutcome[] = [];
  const ordered = chunk.map((named, place) => ({ named, place })).toSorted(byAct);
  for (const { named, place } of ordered) outcomes[place] = decide(named, place);
  return outcomes;
}

interface PlacedReduction {
  readonly named: NamedReduction;
  readonly place: number;
}

function byAct({ named: a, place: placeA }: PlacedReduction, { named: b, place: placeB }: PlacedReduction) {
  return (
    a.reduction.record.startedAt - b.reduction.record.startedAt ||
    compareBytes(a.reduction.activityKey, b.reduction.activityKey) ||
    (a.record < b.record ? -1 : Number(a.record > b.record)) ||
    placeA - placeB
  );
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
    dropped: false,
  };
}
