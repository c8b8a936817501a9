import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/** Inserts a pooling operator. Idempotent. */
export async function ensureTenant(db: Session, tenant: TenantId): Promise<void> {
  // Where it is here already, no number is drawn for it.
  await db.query(
    `INSERT INTO tenants (tenant) SELECT $1 WHERE NOT EXISTS (SELECT 1 FROM tenants WHERE tenant = $1)
     ON CONFLICT DO NOTHING`,
    [tenant],
  );
}
