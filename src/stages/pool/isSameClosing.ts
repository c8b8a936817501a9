import { firstDayOf } from "../../base/lib/time/calendar.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { Closing, ClosingCategory } from "./ports.ts";

/** Whether a closing is the one that is asked for, so that asking again finishes it. */
export function isSameClosing(
  closing: Pick<Closing, "region" | "startDay" | "category">,
  asked: { readonly region: RegionCode; readonly vintage: number; readonly category: ClosingCategory },
): boolean {
  const { region, vintage, category } = asked;
  const isOfDays = closing.region === region && closing.startDay === firstDayOf(vintage);
  return isOfDays && closing.category === category;
}
