import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/** Inserts a pooling operator. Idempotent. */
export async function ensureTenant(db: Session, tenant: TenantId): Promise<void> {
  await db.query("INSERT INTO tenants (tenant) VALUES ($1) ON CONFLICT DO NOTHING", [tenant]);
}
