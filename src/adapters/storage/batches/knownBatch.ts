import { UnknownError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { findBatch, type StoredBatch } from "./batches.ts";

/** As `findBatch`, where the batch must be there. @throws UsageError `batch.unknown`, or as `findBatch` */
export async function knownBatch(db: Session, tenant: TenantId, idOrPrefix: string): Promise<StoredBatch> {
  const batch = await findBatch(db, tenant, idOrPrefix);
  if (batch !== null) return batch;
  throw new UnknownError(
    "batch.unknown",
    `There is no batch ${JSON.stringify(idOrPrefix.slice(0, 80))} here.`,
    { remedy: { act: "list-batches" } },
  );
}
