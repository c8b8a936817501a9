import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";
import { unknownEndpoint } from "./endpoints.ts";

/**
 * The sealed secrets that sign at a time, newest first: one, or two while the one before the last rotation
 * still counts. Empty for no endpoint.
 */
export async function sealedSecrets(
  db: Session,
  tenant: TenantId,
  endpointId: string,
  now: UnixSeconds,
): Promise<Uint8Array[]> {
  const [row] = await db.query<{ secret: Uint8Array; previous_secret: Uint8Array | null }>(
    `SELECT secret, CASE WHEN previous_until > $3 THEN previous_secret END AS previous_secret
     FROM webhook_endpoints WHERE tenant = $1 AND endpoint_id = $2`,
    [tenant, endpointId, now],
  );
  if (row === undefined) return [];
  return row.previous_secret === null ? [row.secret] : [row.secret, row.previous_secret];
}

/**
 * Puts a new sealed secret in the place of the current one, which signs as well until `previousUntil`.
 * @throws UsageError `webhook.unknown`
 */
export async function replaceSecret(
  db: Session,
  tenant: TenantId,
  endpointId: string,
  next: { readonly sealedSecret: Uint8Array; readonly previousUntil: UnixSeconds },
): Promise<void> {
  const replaced = await db.query(
    `UPDATE webhook_endpoints SET previous_secret = secret, previous_until = $4, secret = $3 WHERE tenant = $1
     AND endpoint_id = $2 RETURNING 1`,
    [tenant, endpointId, next.sealedSecret, next.previousUntil],
  );
  if (replaced.length === 0) unknownEndpoint();
}
