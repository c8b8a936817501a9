import { toHex } from "../../../base/lib/bytes.ts";
import type { Hex, ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ProjectDecision, ProjectState } from "../../../stages/projects/ports.ts";
import type { Session } from "../engine/database.ts";

interface Row {
  readonly sequence: number;
  readonly project: ProviderId;
  readonly what: ProjectDecision["what"];
  readonly by_key: Uint8Array;
  readonly before: ProjectState | null;
  readonly after: ProjectState;
  readonly said: string;
  readonly at: bigint;
  readonly hash: Uint8Array;
}

/** All decisions about a tenant's projects, oldest first, each with its hash as stored. */
export async function listProjectDecisions(
  db: Session,
  tenant: TenantId,
): Promise<{ decision: ProjectDecision; hash: Hex }[]> {
  const rows = await db.query<Row>(
    `SELECT sequence, project, what, by_key, before, after, said, at, hash FROM project_decisions
     WHERE tenant = $1 ORDER BY sequence`,
    [tenant],
  );
  return rows.map(({ sequence, project, what, by_key: by, before, after, said, at, hash }) => ({
    decision: {
      sequence,
      project,
      what,
      by: toHex(by),
      before,
      after,
      said,
      at: Number(at) as UnixSeconds,
    },
    hash: toHex(hash),
  }));
}
