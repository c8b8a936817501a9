import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { EventType } from "../../../events/events.ts";
import type { DisabledReason, EndpointStanding } from "../../../stages/webhooks/ports.ts";

/** A webhook endpoint, without its secrets. */
export interface WebhookEndpoint extends EndpointStanding {
  /** `ep_` and 32 hex digits. */
  readonly endpointId: string;
  readonly url: string;
  /** Null: all types, also those that are yet to come. */
  readonly eventTypes: readonly EventType[] | null;
  readonly createdAt: UnixSeconds;
  /** Until when the secret before the last rotation signs as well. */
  readonly previousSecretUntil: UnixSeconds | null;
}

export interface EndpointRow {
  readonly endpoint_id: string;
  readonly url: string;
  readonly event_types: EventType[] | null;
  readonly created_at: bigint;
  readonly failing_since: bigint | null;
  readonly disabled_at: bigint | null;
  readonly disabled_reason: DisabledReason | null;
  readonly previous_until: bigint | null;
}

export const ENDPOINT_COLUMNS =
  "endpoint_id, url, event_types, created_at, failing_since, disabled_at, disabled_reason, previous_until";

export function webhookEndpoint(row: EndpointRow): WebhookEndpoint {
  return {
    endpointId: row.endpoint_id,
    url: row.url,
    eventTypes: row.event_types,
    createdAt: Number(row.created_at) as UnixSeconds,
    failingSince: secondsOrNull(row.failing_since),
    disabled:
      row.disabled_at === null
        ? null
        : { at: Number(row.disabled_at) as UnixSeconds, reason: row.disabled_reason as DisabledReason },
    previousSecretUntil: secondsOrNull(row.previous_until),
  };
}

function secondsOrNull(value: bigint | null): UnixSeconds | null {
  return value === null ? null : (Number(value) as UnixSeconds);
}
