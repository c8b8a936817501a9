import type { TenantId } from "../../../base/types/ids.ts";
import type { ClosingCategory } from "../../../stages/pool/ports.ts";
import type { NumberedClosing } from "./closings.ts";
import type { Session, SqlParameter } from "../engine/database.ts";

/** Which facts a closing holds, as SQL. */
export interface ClosingFacts {
  /**
   * Follows `FROM` and may be followed by `AND`: facts `f`. What their sources and signing keys say is looked
   * up by number (`closingSources`): a region has few, and joins row by row cost more than reading facts.
   */
  readonly facts: string;
  /**
   * `$1` the tenant, `$2` the closing's number, `$3` and `$4` its first and last day, `$5` its region, `$6`
   * its category.
   */
  readonly parameters: readonly SqlParameter[];
}

/** The fact's day in the methodology's time zone. */
const DAY = "f.utc_day + f.day_shift";

/**
 * True of a source that counts what a closing takes. What no methodology is stored of is acts, as of old.
 * Asked of a list that is read once, not of each fact.
 */
const OF_CATEGORY: Readonly<Record<ClosingCategory, string>> = {
  act: `NOT s.methodology IN (
    SELECT m.methodology FROM methodologies m WHERE m.tenant = $1 AND m.category <> $6)`,
  project: `s.methodology IN (
    SELECT m.methodology FROM methodologies m WHERE m.tenant = $1 AND m.category = $6)`,
};

/** True of a project's fact that closing `closing` takes. */
function isOfProject(closing: string): string {
  return `EXISTS (SELECT 1 FROM closing_projects p
    JOIN sources s ON s.source = f.source AND s.provider = p.project
    WHERE p.tenant = $1 AND p.closing = ${closing} AND ${DAY} BETWEEN p.start_day AND p.end_day)`;
}

/** True of a fact that closing `closing` left out. */
function isExcluded(closing: string): string {
  return `(f.signing_key <> 0 AND EXISTS (SELECT 1 FROM closing_exclusions x
    JOIN sources s ON s.source = f.source AND s.provider = x.provider
    JOIN signing_keys k ON k.signing_key = f.signing_key AND k.public_key = x.public_key
    WHERE x.tenant = $1 AND x.closing = ${closing} AND arrival(f.evidence) >= x.arrived_from)
    OR EXISTS (SELECT 1 FROM closing_withdrawals w
    JOIN sources s ON s.source = f.source AND s.methodology = w.methodology
    WHERE w.tenant = $1 AND w.closing = ${closing}))`;
}

/**
 * The facts of a closing. A fact belongs to the first closing that was started after it came, has its region,
 * category and day, and does not exclude it; closings never change. Closings before this one, and exclusions,
 * are only asked about where there are any.
 * @param projects `chosen`: of a closing of projects those that it took; `any`: all that it could take
 */
export async function closingFacts(
  db: Session,
  tenant: TenantId,
  { number, closing }: NumberedClosing,
  projects: "chosen" | "any" = "chosen",
): Promise<ClosingFacts> {
  const { startDay, endDay, region, category } = closing;
  const ofProject = (of: string): string => (category === "project" ? `AND ${isOfProject(of)}` : "");
  const parameters = [tenant, number, startDay, endDay, region, category] as const;
  const [there] = await db.query<{ earlier: boolean; excluding: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM closings e WHERE e.tenant = $1 AND e.closing < $2 AND e.region = $5
         AND e.category = $6 AND e.start_day <= $4 AND e.end_day >= $3) AS earlier,
       EXISTS (SELECT 1 FROM closing_exclusions x WHERE x.tenant = $1 AND x.closing <= $2)
         OR EXISTS (SELECT 1 FROM closing_withdrawals w WHERE w.tenant = $1 AND w.closing <= $2)
         AS excluding`,
    parameters,
  );
  const unless = there?.excluding === true;
  // A local day lies within the UTC days beside it, in any zone.
  const facts = `facts f
    WHERE f.source = ANY (ARRAY (SELECT s.source FROM sources s
        WHERE s.tenant = $1 AND s.region = $5 AND ${OF_CATEGORY[category]}))
      AND f.disposition = 0 AND f.after_closing < $2 AND f.utc_day BETWEEN $3 - 1 AND $4 + 1
      AND ${DAY} BETWEEN $3 AND $4 ${projects === "any" ? "" : ofProject("$2")}
      ${unless ? `AND NOT ${isExcluded("$2")}` : ""}`;
  if (there?.earlier !== true) return { facts, parameters };
  return {
    facts: `${facts} AND NOT EXISTS (SELECT 1 FROM closings e
      WHERE e.tenant = $1 AND e.region = $5 AND e.category = $6
        AND e.closing > f.after_closing AND e.closing < $2
        AND ${DAY} BETWEEN e.start_day AND e.end_day ${ofProject("e.closing")}
        ${unless ? `AND NOT ${isExcluded("e.closing")}` : ""})`,
    parameters,
  };
}
