import { toHex } from "../../../base/lib/bytes.ts";
import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ParseProject, Project, ProjectState } from "../../../stages/projects/ports.ts";
import type { Session } from "../engine/database.ts";

interface ProjectRow {
  readonly json: string;
  readonly state: ProjectState;
  readonly proposed_by: Uint8Array;
  readonly noticed_at: bigint | null;
  readonly objections: number;
  readonly registration: string | null;
}

/**
 * A tenant's projects by id; addresses come back in lower case.
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
  return rows.map(({ json, state, proposed_by: by, noticed_at: noticed, objections, registration }) => ({
    ...parse(JSON.parse(json)),
    tenant,
    state,
    proposedBy: toHex(by),
    noticedAt: noticed === null ? null : (Number(noticed) as UnixSeconds),
    objections,
    registration,
  }));
}
