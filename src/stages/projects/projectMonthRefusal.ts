import { monthOfDay } from "../../base/lib/time/calendar.ts";
import { SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import { localDay } from "../../base/lib/time/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { monthStart } from "./monthStart.ts";
import type { DayRange } from "./ports.ts";
import { PROJECT_SENTENCES, type ProjectRecordCode, type ProjectRecordRefusal } from "./reasonCodes.ts";

/**
 * Why a record is no month of an installation within a crediting period; null where it is one. It depends on
 * nothing but the record and the period, so whoever verifies comes to the same answer. A period that begins
 * or ends within a month takes in that month, as far as it was measured.
 * @param now by when the month must be over: when it comes in, and when its batch was closed
 */
export function projectMonthRefusal(
  { asset, startedAt, endedAt }: Pick<ActivityRecord, "asset" | "startedAt" | "endedAt">,
  { startDay, endDay }: DayRange,
  timeZone: string,
  now: UnixSeconds,
): ProjectRecordRefusal | null {
  if (!asset) return projectRefusalOf("project.no-installation", "asset");
  const month = monthOfDay(localDay(timeZone, startedAt));
  if (endedAt !== null && endedAt > monthStart(timeZone, month + 1))
    return projectRefusalOf("project.two-months", "endedAt");
  if (startedAt - monthStart(timeZone, month) >= SECONDS_PER_MINUTE)
    return projectRefusalOf("project.month-start", "startedAt");
  if (monthStart(timeZone, month + 1) > now) return projectRefusalOf("project.month-runs", "startedAt");
  return month >= monthOfDay(startDay) && month <= monthOfDay(endDay)
    ? null
    : projectRefusalOf("project.outside-crediting-period", "startedAt");
}

/** A refusal with its sentence. */
export function projectRefusalOf(
  code: ProjectRecordCode,
  field: ProjectRecordRefusal["field"],
): ProjectRecordRefusal {
  return { code, field, sentence: PROJECT_SENTENCES[code] };
}
