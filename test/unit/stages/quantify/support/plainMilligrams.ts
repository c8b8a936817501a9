import type { ActivityRecord } from "../../../../../src/base/types/activityRecord.ts";
import type { Methodology2, MethodologyPredicate } from "../../../../../src/base/types/methodology.ts";

/**
 * What a record earns under a methodology, worked out once more with plain fractions, and nothing of the
 * sources. Milligrams, 0 where it earns nothing. Of when a methodology is valid it knows nothing, and its
 * zones are those that are a whole number of hours from UTC all year.
 */
export function plainMilligrams(
  record: ActivityRecord,
  methodology: Methodology2,
  zoneHours: number,
): bigint {
  const { rule, caps, deductions, predicates } = methodology;
  if (!predicates.every((predicate) => isEligible(predicate, record))) return 0n;
  let quantity = fraction(record.quantity, 1_000_000n);
  const cap = caps.unitsPerAct === null ? null : decimal(caps.unitsPerAct);
  if (cap && isLess(cap, quantity)) quantity = cap;

  let grams: Fraction;
  if (rule.kind === "linear") grams = times(quantity, decimal(rule.gramsPerUnit));
  else if (rule.kind === "table") {
    const wanted =
      typeof rule.by === "string"
        ? periodOf(record.startedAt, rule.by, zoneHours)
        : record.attributes?.[rule.by.attribute];
    const row = rule.rows.find(({ value }) => value === wanted);
    if (!row) return 0n;
    grams = times(quantity, decimal(row.gramsPerUnit));
  } else if (rule.kind === "saving") {
    const text = record.attributes?.[rule.reference] ?? "";
    if (!isPlainNumber(text)) return 0n;
    const reference = decimal(text);
    if (isLess(reference, quantity)) return 0n;
    const saved = minus(reference, quantity);
    if (isLess(saved, times(reference, fraction(BigInt(rule.leastBps), 10_000n)))) return 0n;
    if (isLess(saved, decimal(rule.floorUnits))) return 0n;
    grams = times(saved, decimal(rule.gramsPerUnit));
  } else {
    const days = record.attributes?.[rule.coverage] ?? "";
    if (!["0", "1", "2", "3", "4", "5", "6", "7"].includes(days) || Number(days) < rule.leastCoverage)
      return 0n;
    const budget = decimal(rule.gramsPerPeriod);
    if (isLess(budget, quantity)) return 0n;
    grams = minus(budget, quantity);
  }

  let deducted = 0n;
  for (const { bps } of deductions) deducted += BigInt(bps);
  const left = times(grams, fraction(10_000n - deducted, 10_000n));
  let milligrams = (left.top * 1000n) / left.bottom;
  if (caps.gramsPerAct !== null) {
    const most = times(decimal(caps.gramsPerAct), fraction(1000n, 1n));
    if (isLess(most, fraction(milligrams, 1n))) milligrams = most.top / most.bottom;
  }
  return milligrams;
}

function isEligible(predicate: MethodologyPredicate, record: ActivityRecord): boolean {
  const text = record.attributes?.[predicate.attribute];
  if (text === undefined) return false;
  if ("oneOf" in predicate) return predicate.oneOf.includes(text);
  if ("notBefore" in predicate) return text >= predicate.notBefore;
  if ("notAfter" in predicate) return text <= predicate.notAfter;
  if (!isPlainNumber(text)) return false;
  return "atMost" in predicate
    ? !isLess(decimal(predicate.atMost), decimal(text))
    : !isLess(decimal(text), decimal(predicate.atLeast));
}

interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}
const fraction = (top: bigint, bottom: bigint): Fraction => ({ top, bottom });
const times = (a: Fraction, b: Fraction): Fraction => fraction(a.top * b.top, a.bottom * b.bottom);
const minus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.top * b.bottom - b.top * a.bottom, a.bottom * b.bottom);
const isLess = (a: Fraction, b: Fraction): boolean => a.top * b.bottom < b.top * a.bottom;

function decimal(text: string): Fraction {
  const [whole = "", places = ""] = text.split(".");
  return fraction(BigInt(whole + places), 10n ** BigInt(places.length));
}

function isPlainNumber(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text);
}

function periodOf(startedAt: number, by: "year" | "quarter" | "month", zoneHours: number): string {
  const local = new Date((startedAt + zoneHours * 3600) * 1000);
  const [year, month] = [String(local.getUTCFullYear()), local.getUTCMonth()];
  if (by === "year") return year;
  if (by === "quarter") return `${year}-Q${String(1 + Math.floor(month / 3))}`;
  return `${year}-${String(month + 1).padStart(2, "0")}`;
}
