import { monthOfDay } from "../../base/lib/calendar.ts";
import { SECONDS_PER_MINUTE } from "../../base/lib/time.ts";
import { localDay } from "../../base/lib/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import { monthStart } from "./monthStart.ts";
import type { Project } from "./ports.ts";
import { projectStandingFault } from "./projectStandingFault.ts";
import { PROJECT_SENTENCES, type ProjectRecordCode, type ProjectRecordRefusal } from "./reasonCodes.ts";

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
): ProjectRecordRefusal | null {
  if (project === null) return refusal("project.unknown", "provider");
  const fault = projectStandingFault(project.state);
  if (fault !== null) return refusal(fault, "provider");
  if (project.region !== region) return refusal("project.other-region", "provider");
  if (project.scenario !== record.scenario) return refusal("project.other-scenario", "scenario");
  if ((record.asset ?? null)?.kind !== project.installationKind)
    return refusal("project.no-installation", "asset");
  return monthRefusal(record, timeZone) ?? periodRefusal(record, project, timeZone);
}

/** A month begins in its first minute and ends with the next month at the latest. */
function monthRefusal({ startedAt, endedAt }: ActivityRecord, timeZone: string): ProjectRecordRefusal | null {
  const month = monthOfDay(localDay(timeZone, startedAt));
  if (endedAt !== null && endedAt > monthStart(timeZone, month + 1))
    return refusal("project.two-months", "endedAt");
  return startedAt - monthStart(timeZone, month) < SECONDS_PER_MINUTE
    ? null
    : refusal("project.month-start", "startedAt");
}

function periodRefusal(
  { startedAt }: ActivityRecord,
  { creditingPeriod: { startDay, endDay } }: RecordedProject,
  timeZone: string,
): ProjectRecordRefusal | null {
  // By month: a period that begins or ends within one takes in that month's part as it was measured.
  const month = monthOfDay(localDay(timeZone, startedAt));
  return month >= monthOfDay(startDay) && month <= monthOfDay(endDay)
    ? null
    : refusal("project.outside-crediting-period", "startedAt");
}

const refusal = (code: ProjectRecordCode, field: ProjectRecordRefusal["field"]): ProjectRecordRefusal => ({
  code,
  field,
  sentence: PROJECT_SENTENCES[code],
});
