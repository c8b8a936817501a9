import type { TenantId } from "../../base/types/ids.ts";
import type { Service } from "./serviceOf.ts";

/**
 * Work on a file that came in a request: one after another for each tenant, beside its ingests, so that it
 * takes the tenant's own time.
 * @throws UnavailableError `limit.waiting`; StateError `request.gone` where `gone` ended before; as `work`
 */
export function inTenantsTurn<T>(
  { ingests }: Pick<Service, "ingests">,
  tenant: TenantId,
  work: () => Promise<T>,
  gone: AbortSignal,
): Promise<T> {
  // Asked before anything that waits for the database: what waits there is counted by nobody.
  ingests.checkRoom(tenant);
  return ingests.run(tenant, work, gone);
}
