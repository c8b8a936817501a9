import type { TenantId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Database } from "../engine/database.ts";
import { readEvents, type StoredEvent } from "../events/readEvents.ts";
import { insertDelivery, type ScheduleAttempt } from "./deliveries.ts";
import { findEndpoint } from "./endpoints.ts";

const EVENTS_PER_FAN_OUT = 100;

export interface FanOutParts {
  readonly now: () => UnixSeconds;
  /** A fresh webhook-id. */
  readonly newDeliveryId: () => string;
  readonly bodyOf: (event: StoredEvent) => string;
  readonly schedule: ScheduleAttempt;
}

/** Endpoints, of all tenants, that events were recorded for since deliveries were last made. */
export async function endpointsBehind(db: Database): Promise<{ tenant: TenantId; endpointId: string }[]> {
  const rows = await db.query<{ tenant: TenantId; endpoint_id: string }>(
    `SELECT e.tenant, e.endpoint_id FROM webhook_endpoints e JOIN event_sequences s ON s.tenant = e.tenant
     AND s.last > e.cursor
     WHERE e.disabled_at IS NULL ORDER BY e.tenant, e.endpoint_id`,
  );
  return rows.map(({ tenant, endpoint_id: endpointId }) => ({ tenant, endpointId }));
}

/**
 * Makes one delivery of each event that an endpoint wants and has none of, and moves the endpoint's cursor
 * behind them in the same transaction: so each event becomes exactly one delivery, whichever process is
 * killed and however many work at it. Returns whether there may be more.
 */
export async function fanOut(
  db: Database,
  tenant: TenantId,
  endpointId: string,
  parts: FanOutParts,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    // Whoever finds the row taken leaves it to the other one.
    const [row] = await tx.query<{ cursor: bigint }>(
      `SELECT cursor FROM webhook_endpoints WHERE tenant = $1 AND endpoint_id = $2 AND disabled_at IS NULL
       FOR UPDATE SKIP LOCKED`,
      [tenant, endpointId],
    );
    if (row === undefined) return false;
    const { eventTypes } = await findEndpoint(tx, tenant, endpointId);
    const events = await readEvents(tx, tenant, { after: row.cursor, limit: EVENTS_PER_FAN_OUT });
    for (const event of events) {
      if (eventTypes !== null && !eventTypes.includes(event.type)) continue;
      const { sequence, type } = event;
      const delivery = {
        deliveryId: parts.newDeliveryId(),
        endpointId,
        sequence,
        type,
        body: parts.bodyOf(event),
      };
      await insertDelivery(tx, tenant, delivery, parts.now(), parts.schedule);
    }
    const last = events.at(-1);
    if (last === undefined) return false;
    await tx.query("UPDATE webhook_endpoints SET cursor = $3 WHERE tenant = $1 AND endpoint_id = $2", [
      tenant,
      endpointId,
      last.sequence,
    ]);
    return events.length === EVENTS_PER_FAN_OUT;
  });
}
