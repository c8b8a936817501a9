import { dayStart, zoneOf } from "../../base/lib/time/zone.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { methodologyIdOf, validityDays } from "../../format/batch/methodology.ts";
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
function validitySeconds(methodology: Methodology): [UnixSeconds, UnixSeconds] {
  const { validFrom, validTo, timeZone } = methodology;
  if (validFrom.includes("T")) return [secondsOf(validFrom), secondsOf(validTo)];
  const { first, last } = validityDays(methodology);
  return [dayStart(timeZone, first), dayStart(timeZone, last + 1)];
}

function secondsOf(minute: string): UnixSeconds {
  return (Date.parse(minute) / 1000) as UnixSeconds;
}
