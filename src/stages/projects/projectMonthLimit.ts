import { scaleDecimal, MICRO_PLACES } from "../../base/lib/decimal.ts";
import { SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { MicroUnits } from "../../base/types/quantities.ts";
import type { ProjectMonthLimit } from "../../base/types/reduction.ts";
import { monthStart } from "./monthStart.ts";
import type { Project } from "./ports.ts";

/** Kilowatts of the units of capacity that are powers. */
const KILOWATTS: Readonly<Record<string, bigint>> = { kW: 1n, MW: 1000n };
/** What storage can sum up to. */
const MAX_SUM = 2n ** 63n - 1n;

/**
 * What all installations of a project may come to in a local month. Where its class counts kWh and its
 * capacity is a power: capacity × hours of that month in its zone, rounded down to the millionth; of any
 * other unit nobody knows how much a month of it is. And as many of them report as are registered.
 * @param month months since 1970-01
 */
export function projectMonthLimit(
  { id, capacity, installationCount }: Pick<Project, "id" | "capacity" | "installationCount">,
  unit: Unit,
  timeZone: string,
  month: number,
): ProjectMonthLimit {
  return {
    project: id,
    most: unit === "kWh" ? energyDown(capacity, timeZone, month) : null,
    installations: installationCount,
  };
}

/** Null where the capacity is no power. */
function energyDown(
  { value, unit }: Project["capacity"],
  timeZone: string,
  month: number,
): MicroUnits | null {
  const kilowatts = KILOWATTS[unit];
  if (kilowatts === undefined) return null;
  const places = Math.max(value.split(".")[1]?.length ?? 0, MICRO_PLACES);
  const seconds = BigInt(monthStart(timeZone, month + 1) - monthStart(timeZone, month));
  const micro =
    (scaleDecimal(value, places) * kilowatts * seconds) /
    (BigInt(SECONDS_PER_HOUR) * 10n ** BigInt(places - MICRO_PLACES));
  return (micro > MAX_SUM ? MAX_SUM : micro) as MicroUnits;
}
