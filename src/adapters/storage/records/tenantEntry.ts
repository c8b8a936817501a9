import { StateError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { bytesOfUuid } from "./uuids.ts";

/** What the lean tables know a tenant by. */
export interface TenantEntry {
  readonly number: number;
  /** 16 bytes: what its record keys are made with. */
  readonly recordSecret: Uint8Array;
  /** Number of its last closing, sealed or not; 0 before the first. */
  readonly lastClosing: number;
}

/** @throws StateError `tenant.unknown` */
export async function tenantEntry(db: Session, tenant: TenantId): Promise<TenantEntry> {
  const [row] = await db.query<{ number: number; record_secret: string; last: number | null }>(
    `SELECT t.number, t.record_secret::text,
       (SELECT max(c.closing) FROM closings c WHERE c.tenant = t.tenant) AS last
     FROM tenants t WHERE t.tenant = $1`,
    [tenant],
  );
  if (row === undefined)
    throw new StateError("tenant.unknown", `There is no tenant ${tenant} here. Create it first.`);
  return { number: row.number, recordSecret: bytesOfUuid(row.record_secret), lastClosing: row.last ?? 0 };
}
