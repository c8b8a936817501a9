import { firstDayOfMonth } from "../../base/lib/time/calendar.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import { zoneOf } from "../../base/lib/time/zone.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/**
 * The first instant of a month in a zone. Where the clock jumps over midnight, the month begins when the
 * clock shows its first day.
 * @param month months since 1970-01
 */
export function monthStart(timeZone: string, month: number): UnixSeconds {
  const zone = zoneOf(timeZone);
  for (let wall = firstDayOfMonth(month) * SECONDS_PER_DAY; ; wall += SECONDS_PER_HOUR / 4) {
    const instant = zone.instantOf(wall, "earlier");
    if (typeof instant === "number") return instant;
  }
}
