import { StateError } from "../../base/errors/errors.ts";
import { yearOfDay } from "../../base/lib/time/calendar.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import { isSameClosing } from "./isSameClosing.ts";
import type { Closing, ClosingCategory } from "./ports.ts";

/**
 * There is one closing at a time: one that was cut off is finished before another begins.
 * @throws StateError `closing.other` where `closing` is of another region, vintage or category than the one
 * asked for
 */
export function checkSameClosing(
  closing: Pick<Closing, "region" | "startDay" | "category">,
  region: RegionCode,
  vintage: number,
  category: ClosingCategory = "act",
): void {
  if (isSameClosing(closing, { region, vintage, category })) return;
  const closedVintage = yearOfDay(closing.startDay);
  throw new StateError(
    "closing.other",
    `A batch of region ${closing.region}, vintage ${String(closedVintage)}, is still being closed. ` +
      `Finish it first.`,
    {
      remedy: {
        act: "finish-closing",
        closing: { region: closing.region, vintage: closedVintage, category: closing.category },
      },
    },
  );
}
