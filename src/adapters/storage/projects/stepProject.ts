import { fromHex } from "../../../base/lib/bytes.ts";
import type { Hex, TenantId } from "../../../base/types/ids.ts";
import type {
  DecideProjectStep,
  ParseProject,
  Project,
  ProjectContent,
  ProjectDecision,
  ProjectEvent,
  ProjectStep,
} from "../../../stages/projects/ports.ts";
import type { Session } from "../engine/database.ts";
import { takeStep } from "../engine/takeStep.ts";
import { listProjects } from "./listProjects.ts";

/** How a step is decided and its row written and hashed. */
export interface ProjectSteps {
  readonly parse: ParseProject;
  readonly decide: DecideProjectStep;
  /** What an event says beside who, what and when, as canonical JSON. */
  readonly said: (event: ProjectEvent) => string;
  readonly hash: (decision: ProjectDecision, previous: Hex | null) => Hex;
}

/**
 * Takes a project where `decide` says that an event takes it, with a row of the decision, in one transaction;
 * where it is there already nothing is written. Processes that decide together take turns.
 * @throws StateError as `decide`
 */
export async function stepProject(
  db: Session,
  tenant: TenantId,
  content: ProjectContent,
  event: ProjectEvent,
  steps: ProjectSteps,
): Promise<Project> {
  return db.transaction(async (tx) => {
    await takeStep(tx, event, {
      lock: `microtonne/projects/${tenant}`,
      read: async () => (await listProjects(tx, tenant, steps.parse, content.id))[0] ?? null,
      decide: (standing) => steps.decide(content, standing, event),
      isWritten: ({ written }) => written,
      writeState: (_tx, _standing, step) => writeState(tx, tenant, content, event, step),
      table: "project_decisions",
      chainOf: "tenant = $1",
      tenant,
      decisionOf: ({ before, after }, common): ProjectDecision => ({
        ...common,
        project: content.id,
        what: event.what,
        before,
        after,
        said: steps.said(event),
      }),
      columnsOf: ({ project, said }) => ({ project, said }),
      hash: steps.hash,
    });
    return (await listProjects(tx, tenant, steps.parse, content.id))[0] as Project;
  });
}

async function writeState(
  tx: Session,
  tenant: TenantId,
  { id, json, region }: ProjectContent,
  event: ProjectEvent,
  { after }: ProjectStep,
): Promise<void> {
  await tx.query(
    `INSERT INTO projects (tenant, project, json, region, state, proposed_by)
     VALUES ($1, $2, $3, $4, 'proposed', $5) ON CONFLICT (tenant, project) DO UPDATE
       SET json = excluded.json, region = excluded.region, proposed_by = excluded.proposed_by
       WHERE projects.state = 'retracted'`,
    [tenant, id, json, region, fromHex(event.by, 20)],
  );
  await tx.query(
    `UPDATE projects SET state = $3, noticed_at = coalesce(noticed_at, $4),
       objections = objections + $5, registration = coalesce(registration, $6)
     WHERE tenant = $1 AND project = $2`,
    [
      tenant,
      id,
      after,
      event.what === "notice" ? event.at : null,
      event.what === "object" ? 1 : 0,
      event.what === "register" ? event.registration : null,
    ],
  );
}
