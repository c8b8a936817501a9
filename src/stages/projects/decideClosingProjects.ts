import { StateError } from "../../base/errors/errors.ts";
import { firstDayOfMonth, monthOfDay } from "../../base/lib/calendar.ts";
import type { Day } from "../../base/types/quantities.ts";
import type { ClosingProject, DayRange, LeftOutProject, OpenProject, Project } from "./ports.ts";
import { projectStandingFault } from "./projectStandingFault.ts";
import { PROJECT_SENTENCES, type ProjectRecordCode } from "./reasonCodes.ts";

/**
 * Of which projects a closing takes what is open, and of which days: what was admitted while a project stood
 * is asked about again when it is closed.
 * @param projects the tenant's
 * @throws StateError with the code of what was left out first, where nothing is left to close
 */
export function decideClosingProjects(
  projects: readonly Project[],
  open: readonly OpenProject[],
): { taken: ClosingProject[]; leftOut: LeftOutProject[] } {
  const taken: ClosingProject[] = [];
  const leftOut: LeftOutProject[] = [];
  for (const { provider, firstDay, lastDay } of open) {
    const project = projects.find(({ id }) => id === provider) ?? null;
    const days = project && wholeMonths(project.creditingPeriod);
    const fault: ProjectRecordCode | null =
      project === null || days === null
        ? "project.unknown"
        : (projectStandingFault(project.state) ??
          (lastDay < days.startDay || firstDay > days.endDay ? "project.outside-crediting-period" : null));
    if (fault === null && days !== null) taken.push({ project: provider, ...days });
    else if (fault !== null)
      leftOut.push({ project: provider, code: fault, sentence: PROJECT_SENTENCES[fault] });
  }
  const [first] = leftOut;
  if (taken.length === 0 && first)
    throw new StateError(first.code, `Nothing is closed of project ${first.project}: ${first.sentence}`);
  return { taken, leftOut };
}

/** The days of the months that a crediting period touches: a record is a whole month's. */
function wholeMonths({ startDay, endDay }: DayRange): DayRange {
  return {
    startDay: firstDayOfMonth(monthOfDay(startDay)),
    endDay: (firstDayOfMonth(monthOfDay(endDay) + 1) - 1) as Day,
  };
}
