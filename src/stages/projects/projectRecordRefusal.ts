import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Project } from "./ports.ts";
import { projectMonthRefusal, projectRefusalOf } from "./projectMonthRefusal.ts";
import { projectStandingFault } from "./projectStandingFault.ts";
import type { ProjectRecordRefusal } from "./reasonCodes.ts";

/** What of a project decides about its records. */
export type RecordedProject = Pick<
  Project,
  "state" | "region" | "scenario" | "creditingPeriod" | "installationKind"
>;

/**
 * Why a record that a project's methodology counts does not count as a month of the project; null where it
 * does.
 * @param project null where the operator has none of the provider's id
 */
export function projectRecordRefusal(
  record: ActivityRecord,
  project: RecordedProject | null,
  region: RegionCode,
  timeZone: string,
  now: UnixSeconds,
): ProjectRecordRefusal | null {
  if (project === null) return projectRefusalOf("project.unknown", "provider");
  const fault = projectStandingFault(project.state);
  if (fault !== null) return projectRefusalOf(fault, "provider");
  if (project.region !== region) return projectRefusalOf("project.other-region", "provider");
  if (project.scenario !== record.scenario) return projectRefusalOf("project.other-scenario", "scenario");
  if ((record.asset ?? null)?.kind !== project.installationKind)
    return projectRefusalOf("project.no-installation", "asset");
  return projectMonthRefusal(record, project.creditingPeriod, timeZone, now);
}
