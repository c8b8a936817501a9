import type { UnixSeconds } from "../../../base/types/quantities.ts";

/**
 * `pending` until an attempt succeeds (`delivered`), the last one fails (`failed`), or the endpoint is
 * switched off (`cancelled`).
 */
export type DeliveryState = "pending" | "delivered" | "failed" | "cancelled";

/** One event on its way to one endpoint. */
export interface WebhookDelivery {
  /** The webhook-id: `msg_` and 32 hex digits. */
  readonly deliveryId: string;
  /** Order of making within the endpoint, newest highest; gaps mean nothing. */
  readonly number: bigint;
  readonly endpointId: string;
  /** Number of the event; null for a test. */
  readonly sequence: bigint | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: UnixSeconds;
  readonly attemptedAt: UnixSeconds | null;
  readonly nextAt: UnixSeconds | null;
  /** Of the last attempt that was answered at all. */
  readonly lastStatus: number | null;
  /** Why the last attempt had no answer, a word; null where it had one. */
  readonly lastFailure: string | null;
}

export interface DeliveryRow {
  readonly delivery_id: string;
  readonly number: bigint;
  readonly endpoint_id: string;
  readonly sequence: bigint | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly created_at: bigint;
  readonly attempted_at: bigint | null;
  readonly next_at: bigint | null;
  readonly last_status: number | null;
  readonly last_failure: string | null;
}

export const DELIVERY_COLUMNS = `delivery_id, number, endpoint_id, sequence, type, state, attempts,
  created_at, attempted_at, next_at, last_status,
  last_failure`;

export function webhookDelivery(row: DeliveryRow): WebhookDelivery {
  const seconds = (value: bigint | null): UnixSeconds | null =>
    value === null ? null : (Number(value) as UnixSeconds);
  return {
    deliveryId: row.delivery_id,
    number: row.number,
    endpointId: row.endpoint_id,
    sequence: row.sequence,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    createdAt: Number(row.created_at) as UnixSeconds,
    attemptedAt: seconds(row.attempted_at),
    nextAt: seconds(row.next_at),
    lastStatus: row.last_status,
    lastFailure: row.last_failure,
  };
}
