import { WHOLE_BPS_EXACT } from "../../base/lib/basisPoints.ts";
import { scaleDecimal } from "../../base/lib/decimal.ts";
import { dayText } from "../../base/lib/time/calendar.ts";
import { MILLIGRAMS_PER_GRAM } from "../../base/lib/mass.ts";
import { DAYS_PER_WEEK, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Methodology, Methodology2 } from "../../base/types/methodology.ts";
import type { Milligrams, UnixSeconds } from "../../base/types/quantities.ts";
import { periodCapsOf } from "../../format/batch/methodologies/periodCapsOf.ts";
import { validityMinutes } from "../../format/batch/methodology.ts";

/** As many decimal places as a methodology's numbers can have. */
const PLACES = 30;
const ONE = 10n ** BigInt(PLACES);
const MICRO = 10n ** 6n;
const PLAIN_DECIMAL = /^[0-9]{1,30}(\.[0-9]{1,30})?$/;

/** Of days since 1970-01-01, a Thursday. */
const MONDAY = 4;

/**
 * Milligrams of CO2e that a record comes to under a methodology, a rest below one milligram dropped; 0 where
 * it does not start within the methodology's validity, where a predicate does not hold, or where the rule
 * gives nothing. Scenario, unit and the signatures that the methodology asks for are not looked at. Written
 * anew here, on purpose, and not shared with the quantification that made the batch.
 * @throws InputError as `scaleDecimal`; `zone.unknown`
 */
export function recountMilligramsDown(record: ActivityRecord, methodology: Methodology): Milligrams {
  if (!startsWithin(record, methodology)) return 0n as Milligrams;
  const { unitsPerAct } = methodology.caps;
  const quantity = (record.quantity * ONE) / MICRO;
  const cap = unitsPerAct === null ? quantity : scaleDecimal(unitsPerAct, PLACES);
  const counted = quantity < cap ? quantity : cap;
  if ("gramsPerUnit" in methodology)
    return ((counted * scaleDecimal(methodology.gramsPerUnit, PLACES) * MILLIGRAMS_PER_GRAM) /
      (ONE * ONE)) as Milligrams;
  if (!methodology.predicates.every((predicate) => holds(predicate, record))) return 0n as Milligrams;
  const grams = gramsTimesOneSquared(record, counted, methodology);
  const left = WHOLE_BPS_EXACT - BigInt(methodology.deductions.reduce((sum, { bps }) => sum + bps, 0));
  const down = (grams * left * MILLIGRAMS_PER_GRAM) / (ONE * ONE * WHOLE_BPS_EXACT);
  const { gramsPerAct } = methodology.caps;
  if (gramsPerAct === null) return down as Milligrams;
  const most = (scaleDecimal(gramsPerAct, PLACES) * MILLIGRAMS_PER_GRAM) / ONE;
  return (down < most ? down : most) as Milligrams;
}

/** What the records of a leaf come to, before caps on days and years. */
export function countedMilligrams(records: readonly ActivityRecord[], methodology: Methodology): bigint {
  return records.reduce((sum, record) => sum + recountMilligramsDown(record, methodology), 0n);
}

/**
 * Whether a leaf may weigh less than its records come to: part of it lies above a cap on a day or a year, or
 * the act went on when the version of its start no longer did. What else there was can't be told from here.
 */
export function mayEarnLess(records: readonly ActivityRecord[], methodology: Methodology): boolean {
  if (methodology.schema === "microtonne-methodology/1") return false;
  if (periodCapsOf(methodology) !== null) return true;
  const { to } = validityMinutes(methodology);
  return records.some(({ endedAt }) => endedAt !== null && endedAt > to);
}

/** Of the first form whole days of the zone, both inclusive; of the second minutes too, the end exclusive. */
function startsWithin({ startedAt }: ActivityRecord, methodology: Methodology): boolean {
  const day = dayText(localDay(methodology.timeZone, startedAt));
  if (methodology.schema === "microtonne-methodology/1")
    return methodology.validFrom <= day && day <= methodology.validTo;
  const { days } = methodology;
  const { from, to } = validityMinutes(methodology);
  return days.first <= day && day <= days.last && from <= startedAt && startedAt < to;
}

/** Whether a record is of one week: from the first minute of a Monday to a second of its Sunday. */
function isOfOneWeek({ startedAt, endedAt }: ActivityRecord, timeZone: string): boolean {
  const dayAt = (instant: number): number => localDay(timeZone, instant as UnixSeconds);
  const first = dayAt(startedAt);
  const isItsBeginning = first % DAYS_PER_WEEK === MONDAY && dayAt(startedAt - SECONDS_PER_MINUTE) < first;
  if (endedAt === null || endedAt <= startedAt) return false;
  return isItsBeginning && dayAt(endedAt - 1) === first + DAYS_PER_WEEK - 1;
}

function holds(predicate: Methodology2["predicates"][number], { attributes }: ActivityRecord): boolean {
  const text = attributeOf(attributes, predicate.attribute);
  if (text === null) return false;
  if ("oneOf" in predicate) return predicate.oneOf.includes(text);
  // Calendar days are in the order of their texts; what has another form is none.
  if ("notBefore" in predicate) return isDay(text) && text >= predicate.notBefore;
  if ("notAfter" in predicate) return isDay(text) && text <= predicate.notAfter;
  if (!PLAIN_DECIMAL.test(text)) return false;
  const value = scaleDecimal(text, PLACES);
  return "atMost" in predicate
    ? value <= scaleDecimal(predicate.atMost, PLACES)
    : value >= scaleDecimal(predicate.atLeast, PLACES);
}

/** Grams by the rule, times 10^60; `counted` is the quantity times 10^30. */
function gramsTimesOneSquared(record: ActivityRecord, counted: bigint, methodology: Methodology2): bigint {
  const { rule, timeZone } = methodology;
  if (rule.kind === "linear") return counted * scaleDecimal(rule.gramsPerUnit, PLACES);
  if (rule.kind === "table") {
    const value =
      typeof rule.by === "string"
        ? periodOf(rule.by, dayText(localDay(timeZone, record.startedAt)))
        : attributeOf(record.attributes, rule.by.attribute);
    const row = rule.rows.find((one) => one.value === value);
    return row ? counted * scaleDecimal(row.gramsPerUnit, PLACES) : 0n;
  }
  if (rule.kind === "saving") {
    const text = attributeOf(record.attributes, rule.reference);
    if (text === null || !PLAIN_DECIMAL.test(text)) return 0n;
    const reference = scaleDecimal(text, PLACES);
    const saved = reference - counted;
    const isEnough =
      saved > 0n &&
      saved * WHOLE_BPS_EXACT >= reference * BigInt(rule.leastBps) &&
      saved >= scaleDecimal(rule.floorUnits, PLACES);
    return isEnough ? saved * scaleDecimal(rule.gramsPerUnit, PLACES) : 0n;
  }
  if (!isOfOneWeek(record, timeZone)) return 0n;
  const covered = attributeOf(record.attributes, rule.coverage) ?? "";
  if (!/^[0-7]$/.test(covered) || Number(covered) < rule.leastCoverage) return 0n;
  const left = scaleDecimal(rule.gramsPerPeriod, PLACES) - counted;
  return left > 0n ? left * ONE : 0n;
}

function periodOf(by: "year" | "quarter" | "month", day: string): string {
  if (by === "year") return day.slice(0, 4);
  if (by === "month") return day.slice(0, 7);
  return `${day.slice(0, 4)}-Q${String(Math.floor((Number(day.slice(5, 7)) + 2) / 3))}`;
}

function isDay(text: string): boolean {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const at = new Date(`${text}T00:00:00Z`);
  return at.getTime() >= 0 && at.toISOString().startsWith(text);
}

function attributeOf(attributes: ActivityRecord["attributes"], name: string): string | null {
  return attributes !== undefined && Object.hasOwn(attributes, name) ? (attributes[name] as string) : null;
}
