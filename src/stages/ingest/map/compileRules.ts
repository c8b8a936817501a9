import { MICRO_PLACES, scaleDecimal } from "../../../base/lib/decimal.ts";
import { SECONDS_PER_HOUR } from "../../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Bind, RowInHand } from "../fields/columns.ts";
import { numberBind } from "../fields/plainNumber.ts";
import type { Profile } from "../schema/profileSchema.ts";
import { Refusal } from "../reasonCodes.ts";

/** What the rules look at, once a row is mapped. */
export interface MappedAct {
  readonly start: UnixSeconds;
  readonly end: UnixSeconds | null;
  /** Millionths of the unit. */
  readonly micro: number;
}
/** One validity rule: null where the row keeps it. */
export type Rule = (act: MappedAct, row: RowInHand) => Refusal | null;

/** What fields are called in refusals that concern them. */
export interface Labels {
  readonly start: string;
  readonly end: string;
  readonly quantity: string;
}

/**
 * The validity rules of a profile, those that hold for every profile first: an act neither ends before it
 * starts nor lies in the future.
 * @param now by which the future is judged
 */
export function compileRules(
  { rules, numbers }: Profile,
  bind: Bind,
  labels: Labels,
  now: UnixSeconds,
): Rule[] {
  const compiled: Rule[] = [timeOrder(labels), future(labels, now + rules.futureToleranceSeconds)];
  compiled.push(
    notBefore(labels, rules.notBefore === null ? 0 : Date.parse(`${rules.notBefore}T00:00:00Z`) / 1000),
  );
  const { min, max } = rules.durationSeconds;
  if (min !== null) compiled.push(shortest(labels, min));
  if (max !== null) compiled.push(longest(labels, max));
  for (const bounds of rules.columns) compiled.push(columnBounds(numberBind({ numbers }, bind), bounds));
  if (rules.quantity.min !== null) compiled.push(least(labels, micro(rules.quantity.min)));
  if (rules.quantity.max !== null) compiled.push(most(labels, micro(rules.quantity.max)));
  if (rules.maxSpeedKmh !== null) compiled.push(topSpeed(labels, micro(rules.maxSpeedKmh)));
  return compiled;
}

const micro = (decimal: string): number => Number(scaleDecimal(decimal, MICRO_PLACES));

function timeOrder({ end }: Labels): Rule {
  const refusal = new Refusal("time.end-before-start", end);
  return (act) => (act.end !== null && act.end < act.start ? refusal : null);
}

function future({ start, end }: Labels, latest: number): Rule {
  const starts = new Refusal("time.future", start);
  const ends = new Refusal("time.future", end);
  return (act) => {
    if (act.start > latest) return starts;
    return act.end !== null && act.end > latest ? ends : null;
  };
}

function notBefore({ start }: Labels, first: number): Rule {
  const refusal = new Refusal("time.out-of-range", start);
  return (act) => (act.start < first ? refusal : null);
}

function shortest({ end }: Labels, seconds: number): Rule {
  const refusal = new Refusal("rule.too-short", end);
  return (act) => (act.end !== null && act.end - act.start < seconds ? refusal : null);
}

function longest({ end }: Labels, seconds: number): Rule {
  const refusal = new Refusal("rule.too-long", end);
  return (act) => (act.end !== null && act.end - act.start > seconds ? refusal : null);
}

function least({ quantity }: Labels, bound: number): Rule {
  const refusal = new Refusal("quantity.too-small", quantity);
  return (act) => (act.micro < bound ? refusal : null);
}

function most({ quantity }: Labels, bound: number): Rule {
  const refusal = new Refusal("quantity.too-large", quantity);
  return (act) => (act.micro > bound ? refusal : null);
}

/**
 * Distance and speed in millionths of a kilometre; both products are exact up to some 2.5 million km, above
 * which they only get too fast.
 */
function topSpeed({ quantity }: Labels, microKmPerHour: number): Rule {
  const refusal = new Refusal("rule.too-fast", quantity);
  return ({ start, end, micro: distance }) =>
    end !== null && distance * SECONDS_PER_HOUR > microKmPerHour * (end - start) ? refusal : null;
}

/**
 * A bound on a column that is no quantity of ours (an accuracy, a price); compared as a number, as nothing is
 * computed from it.
 */
function columnBounds(bind: Bind, { column, min, max }: Profile["rules"]["columns"][number]): Rule {
  const reader = bind(column);
  const refusal = new Refusal("rule.out-of-bounds", reader.label);
  const lowest = min === null ? -Infinity : Number(min);
  const highest = max === null ? Infinity : Number(max);
  return (_act, row) => {
    const text = reader.read(row);
    if (typeof text !== "string") return text;
    if (!/^[+-]?[0-9]{1,30}(?:\.[0-9]{1,30})?(?:[eE][+-]?[0-9]{1,2})?$/.test(text)) return refusal;
    const value = Number(text);
    return value < lowest || value > highest ? refusal : null;
  };
}
