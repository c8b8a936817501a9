import { zoneOf } from "../../base/lib/zone.ts";
import { MILLISECONDS_PER_DAY, SECONDS_PER_DAY } from "../../base/lib/time.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { methodologyIdOf } from "../../format/batch/methodology.ts";
import type { RuleContent } from "./ports.ts";

/** What a methodology version says of itself as a rule. @throws InputError `zone.unknown` */
export function methodologyContent(methodology: Methodology): RuleContent {
  const { code, version, region, timeZone, scenario } = methodology;
  // A zone that is none would stop whoever counts by it.
  zoneOf(timeZone);
  const [validFrom, validTo] = validitySeconds(methodology);
  return {
    kind: "methodology",
    id: methodologyIdOf(methodology),
    json: canonicalJson(methodology),
    region,
    name: code,
    version,
    timeZone,
    scenario,
    validFrom,
    validTo,
  };
}

/** First second of validity and first one behind it: of minutes as they stand, of days in the zone. */
function validitySeconds({
  validFrom,
  validTo,
  timeZone,
}: Pick<Methodology, "validFrom" | "validTo" | "timeZone">): [UnixSeconds, UnixSeconds] {
  if (validFrom.includes("T")) return [secondsOf(validFrom), secondsOf(validTo)];
  return [beginningOf(validFrom, 0, timeZone), beginningOf(validTo, 1, timeZone)];
}

function secondsOf(minute: string): UnixSeconds {
  return (Date.parse(minute) / 1000) as UnixSeconds;
}

/** The first second of a calendar day, or of one some days later; where midnight is jumped over, the next. */
function beginningOf(day: string, later: number, timeZone: string): UnixSeconds {
  const wall = (Date.parse(`${day}T00:00:00Z`) + later * MILLISECONDS_PER_DAY) / 1000;
  const zone = zoneOf(timeZone);
  const instant = zone.instantOf(wall, "earlier");
  if (typeof instant === "number") return instant;
  return (wall - zone.offsetAt(wall - SECONDS_PER_DAY)) as UnixSeconds;
}
