import { WHOLE_BPS_EXACT } from "../../base/lib/basisPoints.ts";
import { MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { MAX_MILLIGRAMS, MILLIGRAM_PLACES_OF_A_GRAM } from "../../base/lib/mass.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { ProviderId } from "../../base/types/ids.ts";
import type { Methodology, Methodology2 } from "../../base/types/methodology.ts";
import type { Day, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { validityDays, validityMinutes } from "../../format/batch/methodology.ts";
import { REFUSALS, type QuantifyRefusal } from "./reasonCodes.ts";
import { compilePredicates } from "./rules/compilePredicates.ts";
import { compileRule } from "./rules/compileRule.ts";
import type { CompiledRule } from "./rules/compiledRule.ts";
import { linear } from "./rules/linear.ts";

/** What a record saves, and the day of its start in the methodology's zone. */
export interface Quantified {
  /** > 0, rounded down. */
  readonly milligrams: Milligrams;
  readonly day: Day;
}

/** What decides beside record and methodology. */
export interface Circumstances {
  /**
   * Versions that come into force before the act is over (`MethodologyCatalogue.changesDuring`): it earns the
   * least of what they all give. None if left out.
   */
  readonly changes?: readonly Methodology[];
  /** Providers whose signatures over the record hold. None if left out. */
  readonly signers?: readonly ProviderId[];
}

/** A methodology, ready to count. */
interface Compiled {
  readonly first: Day;
  readonly last: Day;
  /** Of the second form: [from, to). */
  readonly minutes: { readonly from: UnixSeconds; readonly to: UnixSeconds } | null;
  readonly isSignedEnough: (signers: readonly ProviderId[]) => boolean;
  readonly ineligible: (record: ActivityRecord) => QuantifyRefusal | null;
  /** Millionths of the unit, or null. */
  readonly unitsCap: bigint | null;
  readonly rule: CompiledRule;
  /** Ten-thousandths that are left after all deductions. */
  readonly leftBps: bigint;
  /** Milligrams, or null. */
  readonly gramsCap: bigint | null;
}

const compiled = new WeakMap<Methodology, Compiled>();

/**
 * What a record saves under one methodology version, in whole milligrams. In this order: signatures,
 * predicates, the cap on the quantity, the rule as an exact rational, deductions, rounding down, the cap in
 * grams of an act. What caps on a day or a year leave of it is decided beside other acts, as it is admitted.
 * Integers only: the result is never above the exact rational, and two parts of an act never earn more
 * than the whole under a linear rule. What is above a cap earns nothing.
 */
export function quantifyDown(
  record: ActivityRecord,
  methodology: Methodology,
  { changes = [], signers = [] }: Circumstances = {},
): Quantified | QuantifyRefusal {
  if (record.scenario !== methodology.scenario) return REFUSALS.scenario;
  if (record.unit !== methodology.unit) return REFUSALS.unit;
  const { first, last, minutes } = compiledOf(methodology);
  const { startedAt } = record;
  const day = localDay(methodology.timeZone, startedAt);
  if (day < first || day > last) return REFUSALS.expired;
  if (minutes !== null && (startedAt < minutes.from || startedAt >= minutes.to)) return REFUSALS.expired;
  let least = countDown(record, methodology, day, signers);
  for (const change of changes) {
    if (typeof least !== "bigint") return least;
    if (record.unit !== change.unit) return REFUSALS.unit;
    const other = countDown(record, change, day, signers);
    if (typeof other !== "bigint" || other < least) least = other;
  }
  return typeof least === "bigint" ? { milligrams: least, day } : least;
}

/** True where a record earned something. */
export function isQuantified(outcome: Quantified | QuantifyRefusal): outcome is Quantified {
  return "milligrams" in outcome;
}

/** By the rule alone, whenever it is valid. */
function countDown(
  record: ActivityRecord,
  methodology: Methodology,
  day: Day,
  signers: readonly ProviderId[],
): Milligrams | QuantifyRefusal {
  const { isSignedEnough, ineligible, unitsCap, rule, leftBps, gramsCap } = compiledOf(methodology);
  if (!isSignedEnough(signers)) return REFUSALS.signatures;
  const ineligibility = ineligible(record);
  if (ineligibility !== null) return ineligibility;
  const quantity: bigint = record.quantity;
  const exact = rule(record, unitsCap !== null && quantity > unitsCap ? unitsCap : quantity, day);
  if ("code" in exact) return exact;
  const down =
    leftBps === WHOLE_BPS_EXACT
      ? exact.times / exact.per
      : (exact.times * leftBps) / (exact.per * WHOLE_BPS_EXACT);
  const milligrams = gramsCap !== null && down > gramsCap ? gramsCap : down;
  if (milligrams <= 0n) return REFUSALS.zero;
  return milligrams > MAX_MILLIGRAMS ? REFUSALS.tooLarge : (milligrams as Milligrams);
}

function compiledOf(methodology: Methodology): Compiled {
  let found = compiled.get(methodology);
  if (!found) compiled.set(methodology, (found = compile(methodology)));
  return found;
}

function compile(methodology: Methodology): Compiled {
  const { unitsPerAct } = methodology.caps;
  const shared = {
    ...validityDays(methodology),
    unitsCap: unitsPerAct === null ? null : scaleDecimal(unitsPerAct, MICRO_PLACES),
  };
  if (methodology.schema === "microtonne-methodology/1")
    return {
      ...shared,
      minutes: null,
      isSignedEnough: () => true,
      ineligible: () => null,
      rule: linear(methodology),
      leftBps: WHOLE_BPS_EXACT,
      gramsCap: null,
    };
  const { caps, deductions, predicates, signatures } = methodology;
  return {
    ...shared,
    minutes: validityMinutes(methodology),
    isSignedEnough: (signers) => isSignedBy(signatures, signers),
    ineligible: compilePredicates(predicates),
    rule: compileRule(methodology),
    leftBps: WHOLE_BPS_EXACT - BigInt(deductions.reduce((sum, { bps }) => sum + bps, 0)),
    gramsCap: caps.gramsPerAct === null ? null : scaleDecimal(caps.gramsPerAct, MILLIGRAM_PLACES_OF_A_GRAM),
  };
}

/** k of n: each provider counts once. */
function isSignedBy(asked: Methodology2["signatures"], signers: readonly ProviderId[]): boolean {
  if (asked === null) return true;
  const { least, of } = asked;
  return [...new Set(signers)].filter((signer) => of === null || of.includes(signer)).length >= least;
}
