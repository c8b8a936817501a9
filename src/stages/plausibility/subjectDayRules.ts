import { localDay } from "../../base/lib/time/zone.ts";
import type { ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { Reduction } from "../../base/types/reduction.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Bounds, BoundsBook } from "./boundsBook.ts";
import type { DayAct, DayRules } from "./ports.ts";

/**
 * The rules of a subject's day in one region. Acts of regions with other time zones are compared where their
 * local days have the same number.
 * @param timeZone that of the region's methodologies
 */
export function subjectDayRules(book: BoundsBook, region: RegionCode, timeZone: string): DayRules {
  const known = new Map<number, Bounds | null>();
  const isDated = book.isDated(region);
  const boundsOf = ({ scenarioClass: code, day }: DayAct): Bounds | null => {
    if (isDated) return book.of(book.nameOf(code) ?? "", region, day);
    let bounds = known.get(code);
    if (bounds === undefined) known.set(code, (bounds = book.of(book.nameOf(code) ?? "", region, null)));
    return bounds;
  };
  return {
    actOf: ({ record: { scenario, startedAt, endedAt, quantity }, day }: Reduction): DayAct => ({
      // Its methodology was found by the class, so the list has it.
      scenarioClass: book.codeOf(scenario) ?? 0,
      startedAt,
      endedAt,
      quantity,
      day,
    }),
    daysOf(act) {
      const bounds = boundsOf(act);
      if (!bounds || (bounds.atOnce === null && bounds.gap === null)) return [act.day];
      const last = localDay(timeZone, (endOf(act, bounds) + (bounds.gap ?? 0)) as UnixSeconds);
      return last <= act.day ? [act.day] : Array.from({ length: last - act.day + 1 }, (_, i) => act.day + i);
    },
    judge(act, own, further) {
      const bounds = boundsOf(act);
      if (!bounds) return null;
      return (
        beside(act, bounds, own, boundsOf) ??
        beside(act, bounds, further, boundsOf) ??
        onItsDay(act, bounds, own)
      );
    },
  };
}

/** Together with what else was done that day. */
function onItsDay(
  { scenarioClass: code, day, quantity }: DayAct,
  { actsADay, mostADay }: Bounds,
  own: readonly DayAct[],
): ImplausibleDayCode | null {
  const same = own.filter((other) => other.scenarioClass === code && other.day === day);
  if (same.length + 1 > actsADay) return "plausibility.acts-a-day";
  if (mostADay !== null && same.reduce((sum, other) => sum + other.quantity, quantity) > mostADay)
    return "plausibility.quantity-a-day";
  return null;
}

/** Beside each single one of the others. */
function beside(
  act: DayAct,
  bounds: Bounds,
  others: readonly DayAct[],
  boundsOf: (act: DayAct) => Bounds | null,
): ImplausibleDayCode | null {
  const { atOnce, gap } = bounds;
  for (const other of others) {
    if (atOnce?.excludes.has(other.scenarioClass) === true) {
      const theirs = boundsOf(other);
      if (
        theirs?.atOnce &&
        overlap(act, bounds, other, theirs) > Math.max(atOnce.tolerance, theirs.atOnce.tolerance)
      )
        return "plausibility.at-once";
    }
    if (gap !== null && other.scenarioClass === act.scenarioClass && gapBetween(act, other) < gap)
      return "plausibility.too-soon";
  }
  return null;
}

/** An act of which no end is known lasts as long as none of its class is shorter. */
function endOf(act: DayAct, { atOnce }: Bounds): number {
  return act.endedAt ?? act.startedAt + (atOnce?.least ?? 0);
}

/** Seconds that two acts share; negative where they lie apart. Symmetric. */
function overlap(a: DayAct, ofA: Bounds, b: DayAct, ofB: Bounds): number {
  return Math.min(endOf(a, ofA), endOf(b, ofB)) - Math.max(a.startedAt, b.startedAt);
}

/** Seconds from the end of one act to the start of the other; negative where they overlap. Symmetric. */
function gapBetween(a: DayAct, b: DayAct): number {
  return Math.max(a.startedAt - (b.endedAt ?? b.startedAt), b.startedAt - (a.endedAt ?? a.startedAt));
}
