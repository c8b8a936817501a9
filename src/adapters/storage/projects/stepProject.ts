import { fromHex, toHex } from "../../../base/lib/bytes.ts";
import type { Address, Hex, TenantId } from "../../../base/types/ids.ts";
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
    await tx.query("SELECT pg_advisory_xact_lock(hashtextextended('microtonne/projects/' || $1, 0))", [
      tenant,
    ]);
    const [standing] = await listProjects(tx, tenant, steps.parse, content.id);
    const step = steps.decide(content, standing ?? null, event);
    if (step.written) {
      await writeState(tx, tenant, content, event, step);
      await writeDecision(tx, tenant, content, event, step, steps);
    }
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

async function writeDecision(
  tx: Session,
  tenant: TenantId,
  { id }: ProjectContent,
  event: ProjectEvent,
  { before, after }: ProjectStep,
  { said, hash }: ProjectSteps,
): Promise<void> {
  const [last] = await tx.query<{ sequence: number; hash: Uint8Array }>(
    "SELECT sequence, hash FROM project_decisions WHERE tenant = $1 ORDER BY sequence DESC LIMIT 1",
    [tenant],
  );
  const decision: ProjectDecision = {
    sequence: (last?.sequence ?? 0) + 1,
    project: id,
    what: event.what,
    by: event.by.toLowerCase() as Address,
    before,
    after,
    said: said(event),
    at: event.at,
  };
  const digest = hash(decision, last === undefined ? null : toHex(last.hash));
  await tx.query(
    `INSERT INTO project_decisions (tenant, sequence, project, what, by_key, before, after, said, at, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      tenant,
      decision.sequence,
      id,
      decision.what,
      fromHex(decision.by, 20),
      before,
      after,
      decision.said,
      decision.at,
      fromHex(digest, 32),
    ],
  );
}
