import { UnknownError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { EventType } from "../../../events/events.ts";
import type { CheckRoom, DisabledReason } from "../../../stages/webhooks/ports.ts";
import type { Session } from "../engine/database.ts";
import { ENDPOINT_COLUMNS, webhookEndpoint, type EndpointRow, type WebhookEndpoint } from "./endpointRows.ts";

export interface NewEndpoint {
  readonly endpointId: string;
  readonly url: string;
  readonly eventTypes: readonly EventType[] | null;
  readonly sealedSecret: Uint8Array;
  readonly createdAt: UnixSeconds;
}

/**
 * Inserts an endpoint; it gets what is recorded from now on.
 * @throws StateError as `check`
 */
export async function insertEndpoint(
  db: Session,
  tenant: TenantId,
  endpoint: NewEndpoint,
  check: CheckRoom,
): Promise<void> {
  await db.transaction(async (tx) => {
    // Two that are made at once would not count each other.
    await tx.query("SELECT 1 FROM tenants WHERE tenant = $1 FOR NO KEY UPDATE", [tenant]);
    const [count] = await tx.query<{ endpoints: bigint }>(
      "SELECT count(*) AS endpoints FROM webhook_endpoints WHERE tenant = $1",
      [tenant],
    );
    check(Number(count?.endpoints ?? 0n));
    await tx.query(
      `INSERT INTO webhook_endpoints (tenant, endpoint_id, url, event_types, secret, created_at, cursor)
       VALUES ($1, $2, $3, $4::text[], $5, $6, coalesce((SELECT last FROM event_sequences
       WHERE tenant = $1), 0))`,
      [
        tenant,
        endpoint.endpointId,
        endpoint.url,
        endpoint.eventTypes,
        endpoint.sealedSecret,
        endpoint.createdAt,
      ],
    );
  });
}

/** All endpoints, oldest first. */
export async function listEndpoints(db: Session, tenant: TenantId): Promise<WebhookEndpoint[]> {
  const rows = await db.query<EndpointRow>(
    `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE tenant = $1 ORDER BY created_at, endpoint_id`,
    [tenant],
  );
  return rows.map((row) => webhookEndpoint(row));
}

/** @throws UsageError `webhook.unknown` */
export async function findEndpoint(
  db: Session,
  tenant: TenantId,
  endpointId: string,
): Promise<WebhookEndpoint> {
  return (await selectEndpoint(db, tenant, endpointId, "")) ?? unknownEndpoint();
}

/** An endpoint, or null, that nobody else changes until the end of the transaction. */
export async function lockEndpoint(
  tx: Session,
  tenant: TenantId,
  endpointId: string,
): Promise<WebhookEndpoint | null> {
  return selectEndpoint(tx, tenant, endpointId, "FOR UPDATE");
}

async function selectEndpoint(
  db: Session,
  tenant: TenantId,
  endpointId: string,
  locking: "" | "FOR UPDATE",
): Promise<WebhookEndpoint | null> {
  const [row] = await db.query<EndpointRow>(
    `SELECT ${ENDPOINT_COLUMNS} FROM webhook_endpoints WHERE tenant = $1 AND endpoint_id = $2 ${locking}`,
    [tenant, endpointId],
  );
  return row === undefined ? null : webhookEndpoint(row);
}

/** What may be changed; what is not named stays. */
export interface EndpointChange {
  readonly url?: string;
  readonly eventTypes?: readonly EventType[] | null;
  readonly disabled?: boolean;
}

/**
 * Changes an endpoint. Switched off, what it waits for is cancelled. Switched on again, it begins with what
 * is recorded from then on and counts as never having failed.
 * @throws UsageError `webhook.unknown`
 */
export async function updateEndpoint(
  db: Session,
  tenant: TenantId,
  endpointId: string,
  change: EndpointChange,
  now: UnixSeconds,
): Promise<WebhookEndpoint> {
  return db.transaction(async (tx) => {
    const before = (await lockEndpoint(tx, tenant, endpointId)) ?? unknownEndpoint();
    await tx.query(
      `UPDATE webhook_endpoints SET url = $3, event_types = $4::text[]
       WHERE tenant = $1 AND endpoint_id = $2`,
      [
        tenant,
        endpointId,
        change.url ?? before.url,
        change.eventTypes === undefined ? before.eventTypes : change.eventTypes,
      ],
    );
    if (change.disabled === true && before.disabled === null)
      await disableEndpoint(tx, tenant, endpointId, "owner", now);
    if (change.disabled === false && before.disabled !== null) {
      await tx.query(
        `UPDATE webhook_endpoints SET disabled_at = NULL, disabled_reason = NULL, failing_since = NULL,
           cursor = coalesce((SELECT last FROM event_sequences WHERE tenant = $1), 0)
         WHERE tenant = $1 AND endpoint_id = $2`,
        [tenant, endpointId],
      );
    }
    return findEndpoint(tx, tenant, endpointId);
  });
}

/** Switches an endpoint off and cancels what it waits for. */
export async function disableEndpoint(
  tx: Session,
  tenant: TenantId,
  endpointId: string,
  reason: DisabledReason,
  now: UnixSeconds,
): Promise<void> {
  await tx.query(
    `UPDATE webhook_endpoints SET disabled_at = $3, disabled_reason = $4 WHERE tenant = $1
     AND endpoint_id = $2`,
    [tenant, endpointId, now, reason],
  );
  await tx.query(
    `UPDATE webhook_deliveries SET state = 'cancelled', next_at = NULL WHERE tenant = $1 AND endpoint_id = $2
     AND state = 'pending'`,
    [tenant, endpointId],
  );
}

/** Deletes an endpoint with its secrets and deliveries. @throws UsageError `webhook.unknown` */
export async function deleteEndpoint(db: Session, tenant: TenantId, endpointId: string): Promise<void> {
  const gone = await db.query(
    "DELETE FROM webhook_endpoints WHERE tenant = $1 AND endpoint_id = $2 RETURNING 1",
    [tenant, endpointId],
  );
  if (gone.length === 0) unknownEndpoint();
}

/** @throws UsageError `webhook.unknown`, always */
export function unknownEndpoint(): never {
  throw new UnknownError("webhook.unknown", "There is no webhook endpoint with this id.");
}
