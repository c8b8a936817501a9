import { UnknownError } from "../../../base/errors/errors.ts";
import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { findRecord, type FoundRecord } from "./findRecord.ts";

/** As `findRecord`, where the record must be there. @throws UsageError `record.unknown` */
export async function knownRecord(
  db: Session,
  tenant: TenantId,
  provider: ProviderId,
  recordId: string,
): Promise<FoundRecord> {
  const found = await findRecord(db, tenant, provider, recordId);
  if (found !== null) return found;
  throw new UnknownError("record.unknown", `${provider} has reported no record with this id here.`);
}
