import { StateError } from "../../base/errors/errors.ts";
import { dayText, firstDayOfMonth, monthOfDay } from "../../base/lib/time/calendar.ts";
import type { Day } from "../../base/types/quantities.ts";
import type { ClosingProject, DayRange, LeftOutProject, OpenProjectDay, Project } from "./ports.ts";
import { projectStandingFault } from "./projectStandingFault.ts";
import { PROJECT_CLOSING_SENTENCES, type ProjectClosingCode } from "./reasonCodes.ts";
import { reportedPeriods } from "./reportedPeriods.ts";

/**
 * Of which projects a closing takes what is open, and of which days: months that are verified whole, as far
 * as they lie in the crediting period. What was admitted while a project stood is asked about again when it
 * is closed. A project of which some months are taken and others not stands in both lists.
 * @param projects the tenant's
 * @param open ascending by provider and day
 * @throws StateError with the code of what was left out first, where nothing is left to close
 */
export function decideClosingProjects(
  projects: readonly Project[],
  open: readonly OpenProjectDay[],
): { taken: ClosingProject[]; leftOut: LeftOutProject[] } {
  const taken: ClosingProject[] = [];
  const leftOut: LeftOutProject[] = [];
  for (const { provider, day, records } of open) {
    const month = monthOfDay(day);
    const fault = monthFault(projects.find(({ id }) => id === provider) ?? null, month);
    if (fault === null) takeMonth(taken, provider, month);
    else leaveOut(leftOut, provider, fault, { month: dayText(firstDayOfMonth(month)).slice(0, 7), records });
  }
  const [first] = leftOut;
  if (taken.length === 0 && first)
    throw new StateError(
      first.code,
      `Nothing is closed of project ${first.project} (${first.months.join(", ")}; records: ` +
        `${String(first.records)}): ${first.sentence}`,
    );
  return { taken, leftOut };
}

/** Why a month of a project is not closed; null where it is. @param month months since 1970-01 */
function monthFault(project: Project | null, month: number): ProjectClosingCode | null {
  if (project === null) return "project.unknown";
  const fault = projectStandingFault(project.state);
  if (fault !== null) return fault;
  const { creditingPeriod } = project;
  // A record is a whole month's; of one that the crediting period cuts, the part within must be verified.
  const { startDay, endDay } = daysOfMonth(month);
  const credited = {
    startDay: Math.max(startDay, creditingPeriod.startDay) as Day,
    endDay: Math.min(endDay, creditingPeriod.endDay) as Day,
  };
  if (credited.startDay > credited.endDay) return "project.outside-crediting-period";
  return isCovered(credited, reportedPeriods(project, "verify")) ? null : "project.not-verified";
}

/** True where every day of a range lies in one of the periods, which may touch and overlap. */
function isCovered({ startDay, endDay }: DayRange, periods: readonly DayRange[]): boolean {
  let next: number = startDay;
  for (const period of periods.toSorted((a, b) => a.startDay - b.startDay))
    if (period.startDay <= next) next = Math.max(next, period.endDay + 1);
  return next > endDay;
}

/** Months that stay out for one reason stand together. */
function leaveOut(
  leftOut: LeftOutProject[],
  project: LeftOutProject["project"],
  code: ProjectClosingCode,
  { month, records }: { readonly month: string; readonly records: number },
): void {
  const at = leftOut.findIndex((one) => one.project === project && one.code === code);
  const known = leftOut[at];
  if (known === undefined)
    leftOut.push({ project, months: [month], records, code, sentence: PROJECT_CLOSING_SENTENCES[code] });
  else
    leftOut[at] = {
      ...known,
      months: known.months.includes(month) ? known.months : [...known.months, month],
      records: known.records + records,
    };
}

/** A month beside the one that was taken last is taken with it. */
function takeMonth(taken: ClosingProject[], project: ClosingProject["project"], month: number): void {
  const { startDay, endDay } = daysOfMonth(month);
  const last = taken.at(-1);
  if (last?.project !== project || last.endDay + 1 < startDay) taken.push({ project, startDay, endDay });
  else taken[taken.length - 1] = { ...last, endDay };
}

function daysOfMonth(month: number): DayRange {
  return { startDay: firstDayOfMonth(month), endDay: (firstDayOfMonth(month + 1) - 1) as Day };
}
