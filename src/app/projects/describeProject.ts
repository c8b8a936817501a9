import { listProjectDecisions } from "../../adapters/storage/projects/listProjectDecisions.ts";
import { listProjects } from "../../adapters/storage/projects/listProjects.ts";
import { dayText, utcText } from "../../base/lib/time/calendar.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import { checkDecisions } from "../../stages/decisions/checkDecisions.ts";
import { noticeEnd } from "../../stages/projects/decideProjectStep.ts";
import { parseProject } from "../../stages/projects/parseProject.ts";
import { reportedPeriods } from "../../stages/projects/reportedPeriods.ts";
import type { Project, ProjectState } from "../../stages/projects/ports.ts";
import type { Context } from "../context.ts";
import { knownProject } from "./knownProject.ts";

/** A project as people see it; days and times as ISO 8601. */
export interface ProjectDescription {
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly scenario: string;
  readonly state: ProjectState;
  readonly registration: string | null;
  readonly firstDay: string;
  readonly lastDay: string;
  readonly place: string;
  readonly excludes: readonly string[];
  readonly proposedBy: Address;
  /** Until when objections are taken; null before the notice. */
  readonly noticeUntil: string | null;
  readonly objections: number;
  /** Of all its installations together, as it was proposed: `0.8 MW`. */
  readonly capacity: string;
  readonly monitored: readonly DescribedPeriod[];
  readonly verified: readonly DescribedPeriod[];
  /** Registered while its notice ran, which a local network alone does. */
  readonly rehearsal: boolean;
}

/** A period with the document that says so; days YYYY-MM-DD, both inclusive. */
export interface DescribedPeriod {
  readonly firstDay: string;
  readonly lastDay: string;
  readonly documentHash: Hex;
}

/** A project with its file and what people decided about it, oldest first. */
export interface WholeProject extends ProjectDescription {
  readonly content: unknown;
  readonly decisions: readonly {
    readonly sequence: number;
    readonly what: string;
    readonly by: Address;
    readonly before: ProjectState | null;
    readonly after: ProjectState;
    readonly said: unknown;
    readonly at: string;
    readonly hash: Hex;
  }[];
  /** The last hash of all the tenant's decisions: whoever keeps it elsewhere sees a row that was changed. */
  readonly lastDecisionHash: Hex | null;
}

export function describeProject(project: Project): ProjectDescription {
  const { id, name, region, scenario, state, registration, creditingPeriod, place, excludes } = project;
  const { noticedAt, noticeDays } = project;
  return {
    id,
    name,
    region,
    scenario,
    state,
    registration,
    firstDay: dayText(creditingPeriod.startDay),
    lastDay: dayText(creditingPeriod.endDay),
    place,
    excludes,
    proposedBy: project.proposedBy,
    noticeUntil: noticedAt === null ? null : utcText(noticeEnd({ noticedAt, noticeDays })),
    objections: project.objections,
    capacity: `${project.capacity.value} ${project.capacity.unit}`,
    monitored: periodsOf(project, "monitor"),
    verified: periodsOf(project, "verify"),
    rehearsal: project.decisions.some(
      ({ what, said }) =>
        what === "register" && (JSON.parse(said) as { rehearsal?: boolean }).rehearsal === true,
    ),
  };
}

function periodsOf(project: Project, what: "monitor" | "verify"): DescribedPeriod[] {
  return reportedPeriods(project, what).map(({ startDay, endDay, documentHash }) => ({
    firstDay: dayText(startDay),
    lastDay: dayText(endDay),
    documentHash,
  }));
}

/** The tenant's projects, by id. */
export async function describeProjects({
  db,
  tenant,
}: Pick<Context, "db" | "tenant">): Promise<ProjectDescription[]> {
  return (await listProjects(db, tenant, parseProject)).map((project) => describeProject(project));
}

/**
 * One of them with its decisions; the whole chain of decisions is held against its hashes first.
 * @throws UsageError `project.unknown`; CheckFailedError `project.decisions`
 */
export async function describeWholeProject(
  context: Pick<Context, "db" | "tenant">,
  id: string,
): Promise<WholeProject> {
  const project = await knownProject(context, id);
  const rows = await listProjectDecisions(context.db, context.tenant);
  const lastDecisionHash = checkDecisions("projects", rows);
  return {
    ...describeProject(project),
    content: JSON.parse(project.json) as unknown,
    decisions: rows
      .filter(({ decision }) => decision.project === project.id)
      .map(({ decision: { sequence, what, by, before, after, said, at }, hash }) => ({
        sequence,
        what,
        by,
        before,
        after,
        said: JSON.parse(said) as unknown,
        at: utcText(at),
        hash,
      })),
    lastDecisionHash,
  };
}
