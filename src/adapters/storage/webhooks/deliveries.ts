import { UnknownError } from "../../../base/errors/errors.ts";
import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { CheckEnabled } from "../../../stages/webhooks/ports.ts";
import type { Session } from "../engine/database.ts";
import {
  DELIVERY_COLUMNS,
  webhookDelivery,
  type DeliveryRow,
  type DeliveryState,
  type WebhookDelivery,
} from "./deliveryRows.ts";
import { lockEndpoint, unknownEndpoint } from "./endpoints.ts";

/**
 * One attempt of a delivery, as the job that makes it names it. An attempt that was made already, or is no
 * longer wanted, is passed over.
 */
export interface DeliveryAttempt {
  readonly tenant: TenantId;
  readonly endpointId: string;
  readonly deliveryId: string;
  /** Attempts made before this one. */
  readonly attempts: number;
}

/** Schedules an attempt after `seconds`, in the transaction. */
export type ScheduleAttempt = (tx: Session, attempt: DeliveryAttempt, afterSeconds: number) => Promise<void>;

export interface NewDelivery {
  readonly deliveryId: string;
  readonly endpointId: string;
  readonly sequence: bigint | null;
  readonly type: string;
  readonly body: string;
}

/** Inserts a delivery and its first attempt. */
export async function insertDelivery(
  tx: Session,
  tenant: TenantId,
  delivery: NewDelivery,
  now: UnixSeconds,
  schedule: ScheduleAttempt,
): Promise<void> {
  const { deliveryId, endpointId, sequence, type, body } = delivery;
  await tx.query(
    `INSERT INTO webhook_deliveries (tenant, endpoint_id, delivery_id, sequence, type, body, created_at,
     next_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $7)`,
    [tenant, endpointId, deliveryId, sequence, type, body, now],
  );
  await schedule(tx, { tenant, endpointId, deliveryId, attempts: 0 }, 0);
}

/**
 * What there is to send for an attempt; null where it was made already, or the delivery or its endpoint no
 * longer wants it.
 */
export async function findAttempt(
  db: Session,
  attempt: DeliveryAttempt,
): Promise<{ url: string; body: string } | null> {
  const [row] = await db.query<{ url: string; body: string }>(
    `SELECT e.url, d.body FROM webhook_deliveries d JOIN webhook_endpoints e ON e.tenant = d.tenant
     AND e.endpoint_id = d.endpoint_id
     WHERE d.tenant = $1 AND d.endpoint_id = $2 AND d.delivery_id = $3 AND d.attempts = $4
     AND d.state = 'pending' AND e.disabled_at IS NULL`,
    [attempt.tenant, attempt.endpointId, attempt.deliveryId, attempt.attempts],
  );
  return row ?? null;
}

export interface DeliveryFilter {
  readonly state?: DeliveryState;
  /** Only those that were made before this one. */
  readonly before?: bigint;
  readonly limit: number;
}

/** An endpoint's deliveries, newest first. */
export async function listDeliveries(
  db: Session,
  tenant: TenantId,
  endpointId: string,
  { state, before, limit }: DeliveryFilter,
): Promise<WebhookDelivery[]> {
  const rows = await db.query<DeliveryRow>(
    `SELECT ${DELIVERY_COLUMNS} FROM webhook_deliveries WHERE tenant = $1 AND endpoint_id = $2
       AND ($3::text IS NULL OR state = $3) AND ($4::bigint IS NULL OR number < $4) ORDER BY number DESC
       LIMIT $5`,
    [tenant, endpointId, state ?? null, before ?? null, limit],
  );
  return rows.map((row) => webhookDelivery(row));
}

/**
 * Queues a delivery again, due at once, whatever its state: with the same id and body. Attempts that were
 * planned for later are dropped. Where all attempts were used up this is one more, and the last.
 * @throws UsageError `webhook.unknown`, `webhook.delivery-unknown`; StateError as `check`
 */
export async function redeliver(
  db: Session,
  tenant: TenantId,
  { endpointId, deliveryId }: { readonly endpointId: string; readonly deliveryId: string },
  now: UnixSeconds,
  schedule: ScheduleAttempt,
  check: CheckEnabled,
): Promise<void> {
  await db.transaction(async (tx) => {
    check((await lockEndpoint(tx, tenant, endpointId)) ?? unknownEndpoint());
    const [row] = await tx.query<{ attempts: number }>(
      `UPDATE webhook_deliveries SET state = 'pending', next_at = $4 WHERE tenant = $1 AND endpoint_id = $2
       AND delivery_id = $3 RETURNING attempts`,
      [tenant, endpointId, deliveryId, now],
    );
    if (row === undefined)
      throw new UnknownError(
        "webhook.delivery-unknown",
        "This webhook endpoint has no delivery with this id.",
      );
    await schedule(tx, { tenant, endpointId, deliveryId, attempts: row.attempts }, 0);
  });
}

/** Deletes deliveries that are done with and were made before a time. Returns how many. */
export async function pruneDeliveries(db: Session, tenant: TenantId, before: UnixSeconds): Promise<number> {
  const gone = await db.query(
    "DELETE FROM webhook_deliveries WHERE tenant = $1 AND created_at < $2 AND state <> 'pending' RETURNING 1",
    [tenant, before],
  );
  return gone.length;
}
