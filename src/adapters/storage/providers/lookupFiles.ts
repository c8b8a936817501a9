import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** A lookup file (stations, fares) that profiles name. */
export interface LookupFileSummary {
  readonly name: string;
  readonly bytes: number;
}

/** Inserts a file, or replaces the one of that name. */
export async function saveLookupFile(
  db: Session,
  tenant: TenantId,
  name: string,
  bytes: Uint8Array,
  at: UnixSeconds,
): Promise<void> {
  await db.query(
    `INSERT INTO lookup_files (tenant, name, bytes, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, name) DO UPDATE SET bytes = excluded.bytes, updated_at = excluded.updated_at`,
    [tenant, name, bytes, at],
  );
}

export async function findLookupFile(
  db: Session,
  tenant: TenantId,
  name: string,
): Promise<Uint8Array | null> {
  const [row] = await db.query<{ bytes: Uint8Array }>(
    "SELECT bytes FROM lookup_files WHERE tenant = $1 AND name = $2",
    [tenant, name],
  );
  return row?.bytes ?? null;
}

/** SHA-256 of a lookup file as it was put, in hex; null where there is none. */
export async function lookupDigest(db: Session, tenant: TenantId, name: string): Promise<string | null> {
  const [row] = await db.query<{ digest: string }>(
    "SELECT encode(sha256(bytes), 'hex') AS digest FROM lookup_files WHERE tenant = $1 AND name = $2",
    [tenant, name],
  );
  return row?.digest ?? null;
}

/** A tenant's lookup files, by name. */
export async function listLookupFiles(db: Session, tenant: TenantId): Promise<LookupFileSummary[]> {
  return db.query<LookupFileSummary>(
    "SELECT name, octet_length(bytes) AS bytes FROM lookup_files WHERE tenant = $1 ORDER BY name",
    [tenant],
  );
}

/** Returns whether there was one. */
export async function deleteLookupFile(db: Session, tenant: TenantId, name: string): Promise<boolean> {
  return (
    (await db.query("DELETE FROM lookup_files WHERE tenant = $1 AND name = $2 RETURNING 1", [tenant, name]))
      .length > 0
  );
}
