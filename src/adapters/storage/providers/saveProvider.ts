import type { TenantId } from "../../../base/types/ids.ts";
import type { ProviderName } from "../../../stages/pool/ports.ts";
import type { Session } from "../engine/database.ts";

/** Inserts a provider, or updates its display name. */
export async function saveProvider(db: Session, tenant: TenantId, provider: ProviderName): Promise<void> {
  await db.query(
    `INSERT INTO providers (tenant, provider, name) VALUES ($1, $2, $3)
     ON CONFLICT (tenant, provider) DO UPDATE SET name = excluded.name WHERE providers.name <> excluded.name`,
    [tenant, provider.id, provider.name],
  );
}
