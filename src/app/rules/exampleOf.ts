import { formatDecimal, MICRO_PLACES } from "../../base/lib/decimal.ts";
import { providerId } from "../../base/lib/ids.ts";
import { MILLIGRAM_PLACES_OF_A_GRAM } from "../../base/lib/mass.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../base/lib/time.ts";
import { localDay, zoneOf } from "../../base/lib/zone.ts";
import type { Methodology, Methodology2 } from "../../base/types/methodology.ts";
import type { MicroUnits, Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import { isQuantified, quantifyDown } from "../../stages/quantify/quantify.ts";

const ONE_UNIT = 10n ** BigInt(MICRO_PLACES);
/** Among so many days there is one on which a week begins. */
const TRIED_DAYS = 8;
/** From the beginning of a week to the middle of its last day, however its clocks change. */
const WEEK_TO_SUNDAY_NOON = 6 * SECONDS_PER_DAY + 12 * SECONDS_PER_HOUR;
/** Large enough that one unit is a saving by every rule but one that asks for all of it. */
const SOME_REFERENCE = 10_000;

/**
 * One unit, counted by the very function that counts acts: an act at the beginning of the validity whose
 * attributes are what the rule asks for.
 * @param validFrom first second of the validity
 */
export function exampleOf(methodology: Methodology, validFrom: UnixSeconds): string {
  const { scenario, unit, timeZone } = methodology;
  const attributes = methodology.schema === "microtonne-methodology/2" ? attributesFor(methodology) : {};
  const isWeek = methodology.schema === "microtonne-methodology/2" && methodology.rule.kind === "budget";
  const outcomes = startsFrom(validFrom, timeZone).map((startedAt) => {
    const record = {
      provider: providerId("example"),
      recordId: "example-1",
      scenario,
      startedAt,
      endedAt: isWeek ? ((startedAt + WEEK_TO_SUNDAY_NOON) as UnixSeconds) : null,
      quantity: ONE_UNIT as MicroUnits,
      unit,
      attributes,
    };
    return quantifyDown(record, methodology, { signers: signersFor(methodology) });
  });
  const counted = outcomes.find((outcome) => isQuantified(outcome)) ?? outcomes[0];
  const told = Object.entries(attributes).map(([name, value]) => `${name} ${value}`);
  const act = `Example: an act of 1 ${unit}${told.length === 0 ? "" : ` with ${told.join(", ")}`} earns`;
  if (counted === undefined) return `${act} nothing.`;
  if (!isQuantified(counted)) return `${act} nothing: ${counted.sentence}`;
  const milligrams = capped(counted.milligrams, methodology);
  return `${act} ${milligrams.toString()} mg, ${formatDecimal(milligrams, MILLIGRAM_PLACES_OF_A_GRAM)} g.`;
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
  if (rule.kind === "saving") attributes[rule.reference] = String(SOME_REFERENCE);
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
