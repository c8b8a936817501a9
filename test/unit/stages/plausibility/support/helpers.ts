import { regionCode, providerId } from "../../../../../src/base/lib/ids.ts";
import type { ActivityRecord } from "../../../../../src/base/types/activityRecord.ts";
import type { MicroUnits, UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { scenarioClass } from "../../../../../src/format/batch/classes/scenarioClasses.ts";
import { BoundsBook } from "../../../../../src/stages/plausibility/boundsBook.ts";
import type { DayAct, DayRules } from "../../../../../src/stages/plausibility/ports.ts";
import type { ImplausibleDayCode } from "../../../../../src/base/types/plausibility.ts";
import { shippedPlausibility } from "../../../../../src/stages/plausibility/shippedPlausibility.ts";
import { subjectDayRules } from "../../../../../src/stages/plausibility/subjectDayRules.ts";

export const BOOK = new BoundsBook(shippedPlausibility());
export const ZONE = "Asia/Shanghai";
export const WUHAN = regionCode("WUHAN");
/** A region that has no bounds of its own. */
export const ELSEWHERE = regionCode("ELSEWHER");
/** 2025-06-18T00:00:00 in Wuhan, and that day. */
export const MIDNIGHT = 1_750_176_000;
export const DAY = 20_257;
export const HOUR = 3600;

export function record(
  scenario: string,
  micro: bigint,
  start: number,
  seconds: number | null,
): ActivityRecord {
  return {
    provider: providerId("somebody"),
    recordId: "r",
    scenario,
    startedAt: start as UnixSeconds,
    endedAt: seconds === null ? null : ((start + seconds) as UnixSeconds),
    quantity: micro as MicroUnits,
    unit: scenarioClass(scenario).unit,
  };
}

/** An act of a subject; times in seconds after midnight of `DAY`. */
export function dayAct(scenario: string, start: number, seconds: number | null, micro = 1_000_000n): DayAct {
  const startedAt = MIDNIGHT + start;
  return {
    scenarioClass: scenarioClass(scenario).code,
    startedAt,
    endedAt: seconds === null ? null : startedAt + seconds,
    quantity: micro,
    day: DAY + Math.floor(start / 86_400),
  };
}

export const wuhanDay = (): DayRules => subjectDayRules(BOOK, WUHAN, ZONE);

/** First come, first kept, as storage does it; returns what each act got and what was kept. */
export function admitAll(
  rules: DayRules,
  acts: readonly DayAct[],
): { outcomes: (ImplausibleDayCode | null)[]; kept: DayAct[] } {
  const days = new Map<number, DayAct[]>();
  const kept: DayAct[] = [];
  const outcomes = acts.map((act) => {
    const [own = [], ...further] = rules.daysOf(act).map((day) => days.get(day) ?? []);
    const refusal = rules.judge(act, own, further.flat());
    if (refusal === null) {
      kept.push(act);
      for (const day of rules.daysOf(act)) days.set(day, [...(days.get(day) ?? []), act]);
    }
    return refusal;
  });
  return { outcomes, kept };
}
