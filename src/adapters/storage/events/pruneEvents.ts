import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/**
 * Deletes the tenant's events that happened before a time, from the oldest on and up to the first one that
 * did not, so that what is kept has no gaps. The numbering continues. An event that a webhook endpoint still
 * waits for is kept, and so are those behind it. Returns how many were deleted.
 */
export async function pruneEvents(db: Session, tenant: TenantId, before: UnixSeconds): Promise<number> {
  const gone = await db.query(
    `DELETE FROM events WHERE tenant = $1 AND sequence < coalesce(
       (SELECT min(sequence) FROM events WHERE tenant = $1 AND occurred_at >= $2),
       (SELECT last + 1 FROM event_sequences WHERE tenant = $1))
       AND sequence <= coalesce((SELECT min(cursor) FROM webhook_endpoints WHERE tenant = $1
       AND disabled_at IS NULL), sequence) RETURNING 1`,
    [tenant, before],
  );
  return gone.length;
}
