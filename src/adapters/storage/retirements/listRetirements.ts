import type { TenantId } from "../../../base/types/ids.ts";
import type { StoredRetirement } from "../../../stages/retire/ports.ts";
import type { Session } from "../engine/database.ts";
import { selectRetirements } from "./retirementRows.ts";

/** All retirements in the order in which they were requested. */
export async function listRetirements(db: Session, tenant: TenantId): Promise<StoredRetirement[]> {
  return selectRetirements(db, tenant, "", "ORDER BY sequence");
}
