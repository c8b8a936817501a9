import { toHex } from "../../../base/lib/bytes.ts";
import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ParseProject, Project, ProjectDecision, ProjectState } from "../../../stages/projects/ports.ts";
import type { Session } from "../engine/database.ts";

interface ProjectRow {
  readonly json: string;
  readonly state: ProjectState;
  readonly proposed_by: Uint8Array;
  readonly noticed_at: bigint | null;
  readonly objections: number;
  readonly registration: string | null;
}
interface DecisionRow {
  readonly project: ProviderId;
  readonly what: ProjectDecision["what"];
  readonly said: string;
}

/**
 * A tenant's projects by id, with what was decided about them; addresses come back in lower case.
 * @param only one of them; null for all
 */
export async function listProjects(
  db: Session,
  tenant: TenantId,
  parse: ParseProject,
  only: ProviderId | null = null,
): Promise<Project[]> {
  const rows = await db.query<ProjectRow>(
    `SELECT json, state, proposed_by, noticed_at, objections, registration FROM projects
     WHERE tenant = $1 AND ($2::text IS NULL OR project = $2) ORDER BY project`,
    [tenant, only],
  );
  const decisions = Map.groupBy(
    await db.query<DecisionRow>(
      `SELECT project, what, said FROM project_decisions
       WHERE tenant = $1 AND ($2::text IS NULL OR project = $2) ORDER BY sequence`,
      [tenant, only],
    ),
    ({ project }) => project,
  );
  return rows.map(({ json, state, proposed_by: by, noticed_at: noticed, objections, registration }) => {
    const content = parse(JSON.parse(json));
    return {
      ...content,
      tenant,
      state,
      proposedBy: toHex(by),
      noticedAt: noticed === null ? null : (Number(noticed) as UnixSeconds),
      objections,
      registration,
      decisions: (decisions.get(content.id) ?? []).map(({ what, said }) => ({ what, said })),
    };
  });
}
