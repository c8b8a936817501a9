import * as storage from "../../../../src/adapters/storage/batches/startClosing.ts";
import type { ClosingRequest } from "../../../../src/adapters/storage/batches/closings.ts";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import type { TenantId } from "../../../../src/base/types/ids.ts";
import { closingChecks } from "../../../../src/stages/pool/closingChecks.ts";

/** Starts a closing of acts under the checks that `closeBatch` asks. */
export function startClosing(
  db: Database,
  tenant: TenantId,
  request: ClosingRequest,
): Promise<storage.StartedClosing> {
  return storage.startClosing(db, tenant, request, closingChecks);
}
