import { MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { monthOfDay } from "../../base/lib/time/calendar.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { MethodologyCategory } from "../../base/types/methodology.ts";
import type { Day } from "../../base/types/quantities.ts";
import type { AssetClaim } from "../../base/types/reduction.ts";
import { certificatePolicy } from "../../stages/quantify/certificatePolicy.ts";
import type { Project } from "../../stages/projects/ports.ts";
import { projectMonthLimit } from "../../stages/projects/projectMonthLimit.ts";

/** What a month's report leaves out because certificates stand for it, in kWh. */
const CERTIFIED = "certified-kwh";
const PLAIN_DECIMAL = /^(?:0|[1-9][0-9]{0,11})(?:\.[0-9]{1,6})?$/;

/**
 * How a record claims its asset in its month; null where it names none. Behaviour claims nothing: it is
 * counted for an evaluation, and what is never minted is sold by nobody.
 * @param project whose month the record is; null for acts
 * @param timeZone in which `day` is counted
 */
export function assetClaim(
  { asset, scenario, unit, attributes }: ActivityRecord,
  category: MethodologyCategory,
  day: Day,
  timeZone: string,
  project: Pick<Project, "id" | "excludes" | "capacity" | "installationCount"> | null,
): AssetClaim | null {
  if (!asset || category === "behaviour") return null;
  const certified = attributes?.[CERTIFIED] ?? "";
  const isProject = category === "project";
  const classes = isProject ? [...new Set([scenario, ...(project?.excludes ?? [])])].toSorted() : [scenario];
  const month = monthOfDay(day);
  return {
    asset: asset.key,
    month,
    side: isProject ? "project" : "act",
    classes,
    certificates: certificatePolicy(scenario),
    certified: PLAIN_DECIMAL.test(certified) ? scaleDecimal(certified, MICRO_PLACES) : 0n,
    ...(isProject && project && { limit: projectMonthLimit(project, unit, timeZone, month) }),
  };
}
