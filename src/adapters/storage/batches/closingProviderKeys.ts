import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { closingParameters, knownClosing } from "./streamPooled.ts";

/**
 * With which keys each provider signed records of a closing; null among them where some are not signed.
 * @throws StateError `closing.unknown`
 */
export async function closingProviderKeys(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<{ provider: ProviderId; signingKey: Uint8Array | null }[]> {
  const rows = await db.query<{ provider: ProviderId; signing_key: Uint8Array | null }>(
    `SELECT DISTINCT f.provider, f.signing_key FROM reductions f
     WHERE f.tenant = $1 AND f.closing = $2 AND f.started_at >= $3 AND f.started_at < $4 ORDER BY 1, 2`,
    closingParameters(tenant, await knownClosing(db, tenant, closingId)),
  );
  return rows.map((row) => ({ provider: row.provider, signingKey: row.signing_key }));
}
