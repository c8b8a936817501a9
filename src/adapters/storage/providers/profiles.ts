import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";

/** A tenant's own profile, as its YAML text. */
export interface StoredProfile {
  readonly name: string;
  readonly yaml: string;
}

/** Inserts a profile, or replaces the one of that name. */
export async function saveProfile(
  db: Session,
  tenant: TenantId,
  { name, yaml }: StoredProfile,
  at: UnixSeconds,
): Promise<void> {
  await db.query(
    `INSERT INTO profiles (tenant, name, yaml, updated_at) VALUES ($1, $2, $3, $4)
     ON CONFLICT (tenant, name) DO UPDATE SET yaml = excluded.yaml, updated_at = excluded.updated_at`,
    [tenant, name, yaml, at],
  );
}

export async function findProfile(
  db: Session,
  tenant: TenantId,
  name: string,
): Promise<StoredProfile | null> {
  const [row] = await db.query<StoredProfile>(
    "SELECT name, yaml FROM profiles WHERE tenant = $1 AND name = $2",
    [tenant, name],
  );
  return row ?? null;
}

/** A tenant's own profiles, by name. */
export async function listProfiles(db: Session, tenant: TenantId): Promise<StoredProfile[]> {
  return db.query<StoredProfile>("SELECT name, yaml FROM profiles WHERE tenant = $1 ORDER BY name", [tenant]);
}

/** Returns whether there was one. */
export async function deleteProfile(db: Session, tenant: TenantId, name: string): Promise<boolean> {
  return (
    (await db.query("DELETE FROM profiles WHERE tenant = $1 AND name = $2 RETURNING 1", [tenant, name]))
      .length > 0
  );
}
