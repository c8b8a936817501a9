import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";

/**
 * All pooling operators, by id. For work that is nobody's in particular; whatever is done for one of them
 * names it.
 */
export async function listTenants(db: Session): Promise<TenantId[]> {
  return (await db.query<{ tenant: TenantId }>("SELECT tenant FROM tenants ORDER BY tenant")).map(
    ({ tenant }) => tenant,
  );
}
