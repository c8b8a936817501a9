import { StateError } from "../../base/errors/errors.ts";
import { firstDayOf, yearOfDay } from "../../base/lib/calendar.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { Closing } from "./ports.ts";

/**
 * There is one closing at a time: one that was cut off is finished before another begins.
 * @throws StateError `closing.other` where `closing` is of another region or vintage than the one asked for
 */
export function checkSameClosing(
  closing: Pick<Closing, "region" | "startDay">,
  region: RegionCode,
  vintage: number,
): void {
  if (closing.region === region && closing.startDay === firstDayOf(vintage)) return;
  const year = yearOfDay(closing.startDay);
  throw new StateError(
    "closing.other",
    `A batch of region ${closing.region}, vintage ${String(year)}, is still being closed. Finish it ` +
      `first: microtonne batch close --region ${closing.region} --vintage ${String(year)}`,
  );
}
