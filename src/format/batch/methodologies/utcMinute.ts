import { SECONDS_PER_MINUTE } from "../../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { parseDay } from "../../../base/lib/time/calendar.ts";

const UTC_MINUTE = /^([0-9]{4}-[0-9]{2}-[0-9]{2})T(?:[01][0-9]|2[0-3]):[0-5][0-9]Z$/;

/** The first second of `YYYY-MM-DDTHH:MMZ`, or NaN for what is no such minute. */
export function utcMinute(text: string): UnixSeconds {
  const [, day] = UTC_MINUTE.exec(text) ?? [];
  if (day === undefined || parseDay(day) === null) return Number.NaN as UnixSeconds;
  return (Date.parse(text) / 1000) as UnixSeconds;
}

/** The first second of the minute before an exclusive end. */
export function lastMinute(end: string): UnixSeconds {
  return (utcMinute(end) - SECONDS_PER_MINUTE) as UnixSeconds;
}
