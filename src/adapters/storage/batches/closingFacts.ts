import type { TenantId } from "../../../base/types/ids.ts";
import type { NumberedClosing } from "./closings.ts";
import type { Session, SqlParameter } from "../engine/database.ts";

/** Which facts a closing holds, as SQL. */
export interface ClosingFacts {
  /**
   * Follows `FROM` and may be followed by `AND`: facts `f`. What their sources and signing keys say is looked
   * up by number (`closingSources`): a region has few, and joins row by row cost more than reading facts.
   */
  readonly facts: string;
  /** `$1` the tenant, `$2` the closing's number, `$3` and `$4` its first and last day, `$5` its region. */
  readonly parameters: readonly SqlParameter[];
}

/** The fact's day in the methodology's time zone. */
const DAY = "f.utc_day + f.day_shift";

/** True of a fact that closing `closing` left out. */
function isExcluded(closing: string): string {
  return `(f.signing_key <> 0 AND EXISTS (SELECT 1 FROM closing_exclusions x
    WHERE x.tenant = $1 AND x.closing = ${closing} AND x.provider = s.provider
      AND x.public_key = k.public_key AND arrival(f.evidence) >= x.arrived_from)
    OR EXISTS (SELECT 1 FROM closing_withdrawals w
    WHERE w.tenant = $1 AND w.closing = ${closing} AND w.methodology = s.methodology))`;
}

/**
 * The facts of a closing. A fact belongs to the first closing that was started after it came, has its region
 * and day, and does not exclude it; closings never change. Closings before this one, and exclusions, are only
 * asked about where there are any.
 */
export async function closingFacts(
  db: Session,
  tenant: TenantId,
  { number, closing }: NumberedClosing,
): Promise<ClosingFacts> {
  const { startDay, endDay, region } = closing;
  const parameters = [tenant, number, startDay, endDay, region] as const;
  const [there] = await db.query<{ earlier: boolean; excluding: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM closings e WHERE e.tenant = $1 AND e.closing < $2 AND e.region = $5
         AND e.start_day <= $4 AND e.end_day >= $3) AS earlier,
       EXISTS (SELECT 1 FROM closing_exclusions x WHERE x.tenant = $1 AND x.closing <= $2)
         OR EXISTS (SELECT 1 FROM closing_withdrawals w WHERE w.tenant = $1 AND w.closing <= $2)
         AS excluding`,
    parameters,
  );
  const unless = there?.excluding === true;
  // A local day lies within the UTC days beside it, in any zone.
  const facts = `facts f
    WHERE f.source = ANY (ARRAY (SELECT s.source FROM sources s WHERE s.tenant = $1 AND s.region = $5))
      AND f.disposition = 0 AND f.after_closing < $2 AND f.utc_day BETWEEN $3 - 1 AND $4 + 1
      AND ${DAY} BETWEEN $3 AND $4 ${unless ? `AND NOT ${isExcluded("$2")}` : ""}`;
  if (there?.earlier !== true) return { facts, parameters };
  return {
    facts: `${facts} AND NOT EXISTS (SELECT 1 FROM closings e
      WHERE e.tenant = $1 AND e.region = $5 AND e.closing > f.after_closing AND e.closing < $2
        AND ${DAY} BETWEEN e.start_day AND e.end_day
        ${unless ? `AND NOT ${isExcluded("e.closing")}` : ""})`,
    parameters,
  };
}
