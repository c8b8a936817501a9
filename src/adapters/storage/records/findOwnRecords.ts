import type { TenantId } from "../../../base/types/ids.ts";
import type { RecordReference } from "../../../stages/dedupe/ports.ts";
import type { Session } from "../engine/database.ts";
import { findRecords, type FactPlace } from "./findRecords.ts";
import { recordTags } from "./recordKeys.ts";
import { tenantEntry, type TenantEntry } from "./tenantEntry.ts";

/** By name (`recordName`), where those of these records are that a tenant has. */
export async function findOwnRecords(
  db: Session,
  tenant: TenantId,
  records: readonly RecordReference[],
  keyWidth?: number,
): Promise<{ readonly entry: TenantEntry; readonly places: ReadonlyMap<string, FactPlace> }> {
  const entry = await tenantEntry(db, tenant);
  const hashes = recordTags(entry.recordSecret, records, keyWidth);
  const hashed = records.map(({ provider, recordId }, i) => ({
    provider,
    recordId,
    hash: hashes[i] as string,
  }));
  const { places } = await findRecords(db, { tenant, entry }, hashed);
  return { entry, places };
}
