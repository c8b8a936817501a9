import type { ProviderId, TenantId } from "../../../base/types/ids.ts";
import type { Session } from "../engine/database.ts";
import { closingFacts } from "./closingFacts.ts";
import { knownClosing } from "./knownClosing.ts";

/**
 * With which keys each provider signed records of a closing; null among them where some are not signed.
 * @throws StateError `closing.unknown`
 */
export async function closingProviderKeys(
  db: Session,
  tenant: TenantId,
  closingId: Uint8Array,
): Promise<{ provider: ProviderId; signingKey: Uint8Array | null }[]> {
  const closing = await knownClosing(db, tenant, closingId);
  const { facts, parameters } = await closingFacts(db, tenant, closing);
  const rows = await db.query<{ provider: ProviderId; signing_key: Uint8Array | null }>(
    `SELECT DISTINCT s.provider, k.public_key AS signing_key
     FROM (SELECT DISTINCT f.source, f.signing_key FROM ${facts}) g
     JOIN sources s ON s.source = g.source LEFT JOIN signing_keys k ON k.signing_key = g.signing_key
     ORDER BY 1, 2`,
    parameters,
  );
  return rows.map((row) => ({ provider: row.provider, signingKey: row.signing_key }));
}
