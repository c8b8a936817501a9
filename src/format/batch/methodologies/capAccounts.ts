import { yearOfDay } from "../../../base/lib/time/calendar.ts";
import type { SubjectKey } from "../../../base/types/ids.ts";
import type { Day, Milligrams } from "../../../base/types/quantities.ts";
import type { CapAccount, CapKind, PeriodCaps } from "../../../base/types/reduction.ts";

/** A cap and what it is counted against. */
export interface CapBound {
  readonly account: CapAccount;
  readonly most: Milligrams;
}

/**
 * What an act counts into under the caps of its version, in the order of `CAP_KINDS`; nothing under those
 * that the version does not have.
 * @param day of the act's start, in the methodology's zone
 * @param subjectKey null where it is not known whose the act is; then a subject's accounts say null as well
 */
export function capAccounts(caps: PeriodCaps, day: Day, subjectKey: SubjectKey | null): CapBound[] {
  const year = yearOfDay(day);
  const { methodology, subjectDay, subjectYear, programmeYear } = caps;
  const bounds: CapBound[] = [];
  const add = (
    kind: CapKind,
    most: Milligrams | null,
    of: Pick<CapAccount, "subjectKey" | "period">,
  ): void => {
    if (most !== null) bounds.push({ account: { methodology, kind, ...of }, most });
  };
  add("subject-day", subjectDay, { subjectKey, period: day });
  add("subject-year", subjectYear, { subjectKey, period: year });
  add("programme-year", programmeYear, { subjectKey: null, period: year });
  return bounds;
}
