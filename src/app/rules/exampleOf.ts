import { WHOLE_BPS_EXACT } from "../../base/lib/basisPoints.ts";
import { formatDecimal, MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { providerId } from "../../base/lib/ids.ts";
import { MILLIGRAM_PLACES_OF_A_GRAM } from "../../base/lib/mass.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import { localDay, zoneOf } from "../../base/lib/time/zone.ts";
import type { Methodology, Methodology2, MethodologyRule } from "../../base/types/methodology.ts";
import type { MicroUnits, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import { isQuantified, quantifyDown } from "../../stages/quantify/quantify.ts";

const ONE_UNIT = 10n ** BigInt(MICRO_PLACES);
/** Among so many days there is one on which a week begins. */
const TRIED_DAYS = 8;
/** From the beginning of a week to the middle of its last day, however its clocks change. */
const WEEK_TO_SUNDAY_NOON = 6 * SECONDS_PER_DAY + 12 * SECONDS_PER_HOUR;
/** Of a saving, in millionths: a hundred units, so that shares of it are round. */
const SOME_REFERENCE = 100n * ONE_UNIT;

/**
 * One unit, or of a saving the act that saves just enough, counted by the very function that counts acts: an
 * act at the beginning of the validity whose attributes are what the rule asks for.
 * @param validFrom first second of the validity
 */
export function exampleOf(methodology: Methodology, validFrom: UnixSeconds): string {
  const { scenario, unit, timeZone } = methodology;
  const attributes = methodology.schema === "microtonne-methodology/2" ? attributesFor(methodology) : {};
  const isWeek = methodology.schema === "microtonne-methodology/2" && methodology.rule.kind === "budget";
  const quantity = quantityOf(methodology, attributes);
  const outcomes = startsFrom(validFrom, timeZone).map((startedAt) => {
    const record = {
      provider: providerId("example"),
      recordId: "example-1",
      scenario,
      startedAt,
      endedAt: isWeek ? ((startedAt + WEEK_TO_SUNDAY_NOON) as UnixSeconds) : null,
      quantity,
      unit,
      attributes,
    };
    return quantifyDown(record, methodology, { signers: signersFor(methodology) });
  });
  const counted = outcomes.find((outcome) => isQuantified(outcome)) ?? outcomes[0];
  const told = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  const amount = `${formatDecimal(quantity, MICRO_PLACES)} ${unit}`;
  const act = `Example: an act of ${amount}${told.length === 0 ? "" : ` with ${told.join(", ")}`} earns`;
  if (counted === undefined) return `${act} nothing.`;
  if (!isQuantified(counted)) return `${act} nothing: ${counted.sentence}`;
  const milligrams = capped(counted.milligrams, methodology);
  return `${act} ${milligrams.toString()} mg, ${formatDecimal(milligrams, MILLIGRAM_PLACES_OF_A_GRAM)} g.`;
}

/** What is left of the reference where just so much is saved that it counts; else one unit. */
function quantityOf(methodology: Methodology, attributes: Readonly<Record<string, string>>): MicroUnits {
  if (methodology.schema !== "microtonne-methodology/2" || methodology.rule.kind !== "saving")
    return ONE_UNIT as MicroUnits;
  const { reference: attribute, leastBps, floorUnits } = methodology.rule;
  const reference = scaleDecimal(attributes[attribute] ?? "0", MICRO_PLACES);
  const byShare = (reference * BigInt(leastBps) + WHOLE_BPS_EXACT - 1n) / WHOLE_BPS_EXACT;
  const byFloor = scaleDecimal(floorUnits, MICRO_PLACES);
  const left = reference - (byShare > byFloor ? byShare : byFloor);
  return (left > 0n ? left : 0n) as MicroUnits;
}

/** A hundred units, or ten times what must be saved at least. */
function referenceOf({ floorUnits }: Extract<MethodologyRule, { kind: "saving" }>): string {
  const byFloor = 10n * scaleDecimal(floorUnits, MICRO_PLACES);
  return formatDecimal(byFloor > SOME_REFERENCE ? byFloor : SOME_REFERENCE, MICRO_PLACES);
}

/** What caps on days and years leave of an act that is the first of its year. */
function capped(milligrams: Milligrams, methodology: Methodology): Milligrams {
  const { subjectDay, subjectYear, programmeYear } = periodCapsOf(methodology) ?? {};
  return [subjectDay, subjectYear, programmeYear].reduce<Milligrams>(
    (least, cap) => (cap && cap < least ? cap : least),
    milligrams,
  );
}

/** What a record must tell so that the rule and its conditions take it. */
function attributesFor({ rule, predicates }: Methodology2): Record<string, string> {
  const attributes: Record<string, string> = {};
  if (rule.kind === "table" && typeof rule.by !== "string")
    attributes[rule.by.attribute] = rule.rows[0]?.value ?? "";
  if (rule.kind === "saving") attributes[rule.reference] = referenceOf(rule);
  if (rule.kind === "budget") attributes[rule.coverage] = String(rule.leastCoverage);
  for (const predicate of predicates) {
    if ("atMost" in predicate) attributes[predicate.attribute] = predicate.atMost;
    else if ("atLeast" in predicate) attributes[predicate.attribute] = predicate.atLeast;
    else if ("oneOf" in predicate) attributes[predicate.attribute] = predicate.oneOf[0] ?? "";
    else if ("notBefore" in predicate) attributes[predicate.attribute] = predicate.notBefore;
    else attributes[predicate.attribute] = predicate.notAfter;
  }
  return attributes;
}

function signersFor(methodology: Methodology) {
  if (methodology.schema !== "microtonne-methodology/2" || methodology.signatures === null) return [];
  const { least, of } = methodology.signatures;
  return Array.from({ length: least }, (_, at) => providerId(of?.[at] ?? `example-${String(at)}`));
}

/** The beginning of the validity, and those of the days after it: a budget's weeks begin on one of them. */
function startsFrom(from: UnixSeconds, timeZone: string): UnixSeconds[] {
  const zone = zoneOf(timeZone);
  const first = localDay(timeZone, from);
  const midnights = Array.from({ length: TRIED_DAYS }, (_, at) =>
    zone.instantOf((first + at) * SECONDS_PER_DAY, "earlier"),
  );
  return [
    from,
    ...midnights.filter((instant) => typeof instant === "number" && instant >= from),
  ] as UnixSeconds[];
}
