import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import { localDay, zoneOf } from "../../base/lib/time/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { MethodologyCategory } from "../../base/types/methodology.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { BoundsBook } from "./boundsBook.ts";
import { implausible, type Implausible } from "./reasonCodes.ts";

const HOUR = BigInt(SECONDS_PER_HOUR);
/** Where start and end are cut to whole minutes, up to this much more time may have passed between them. */
const CUT_SECONDS = SECONDS_PER_MINUTE;

/**
 * Why a record can't be true by itself, or null, by the rules in force on the day of its start. It depends
 * on nothing but the record and the rules, so whoever has both comes to the same answer. A class without
 * bounds counts no act; a project's months have the capacity that it is registered with.
 * @param timeZone that of the region's methodologies
 */
export function checkAct(
  book: BoundsBook,
  record: ActivityRecord,
  region: RegionCode,
  timeZone: string,
  category: MethodologyCategory,
): Implausible | null {
  const { startedAt, endedAt, quantity, scenario, asset } = record;
  const day = book.isDated(region) ? localDay(timeZone, startedAt) : null;
  if (asset && !book.assetKinds(scenario, region, day).includes(asset.kind))
    return implausible("plausibility.asset-kind");
  const bounds = book.of(scenario, region, day);
  if (!bounds) return category === "project" ? null : implausible("plausibility.no-bounds");
  if (quantity > bounds.most) return implausible("plausibility.too-much");
  if (endedAt !== null) {
    const seconds = endedAt - startedAt;
    if (seconds > bounds.longest) return implausible("plausibility.too-long");
    if (bounds.mostPerHour !== null && quantity * HOUR > bounds.mostPerHour * BigInt(seconds + CUT_SECONDS))
      return implausible(bounds.perHourCode);
  }
  if (bounds.hours === null) return null;
  const { from, to } = bounds.hours;
  const clock = (startedAt + zoneOf(timeZone).offsetAt(startedAt)) % SECONDS_PER_DAY;
  const isOpen = from <= to ? clock >= from && clock <= to : clock >= from || clock <= to;
  return isOpen ? null : implausible("plausibility.closed-hours");
}
