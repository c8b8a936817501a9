import type { AttemptOutcome, DecideAttempt } from "../../../stages/webhooks/ports.ts";
import type { Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";
import type { DeliveryAttempt, ScheduleAttempt } from "./deliveries.ts";
import { disableEndpoint, lockEndpoint } from "./endpoints.ts";

/**
 * Notes an attempt and plans the next one, both or none, as `decide` says. Where that switches the endpoint
 * off, the tenant is told by the event `endpoint.disabled`. An attempt that another worker has noted
 * meanwhile, or whose endpoint is no longer there, is passed over.
 */
export async function recordAttempt(
  db: Session,
  attempt: DeliveryAttempt,
  outcome: AttemptOutcome,
  { decide, schedule }: { readonly decide: DecideAttempt; readonly schedule: ScheduleAttempt },
): Promise<void> {
  const { tenant, endpointId, deliveryId, attempts } = attempt;
  await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, tenant, endpointId);
    if (endpoint === null) return;
    const { state, retryAfter, failingSince, disable } = decide(endpoint, outcome);
    const noted = await tx.query(
      `UPDATE webhook_deliveries SET state = $5, attempts = attempts + 1, attempted_at = $6, next_at = $7,
       last_status = coalesce($8, last_status),
         last_failure = $9
       WHERE tenant = $1 AND endpoint_id = $2 AND delivery_id = $3 AND attempts = $4 AND state = 'pending'
       RETURNING 1`,
      [
        tenant,
        endpointId,
        deliveryId,
        attempts,
        state,
        outcome.at,
        retryAfter === null ? null : outcome.at + retryAfter,
        outcome.status,
        outcome.failure,
      ],
    );
    if (noted.length === 0) return;
    if (retryAfter !== null) await schedule(tx, { ...attempt, attempts: attempts + 1 }, retryAfter);
    await tx.query("UPDATE webhook_endpoints SET failing_since = $3 WHERE tenant = $1 AND endpoint_id = $2", [
      tenant,
      endpointId,
      failingSince,
    ]);
    if (disable === null) return;
    await disableEndpoint(tx, tenant, endpointId, disable, outcome.at);
    await recordEvent(tx, tenant, { type: "endpoint.disabled", data: { endpointId, reason: disable } });
  });
}
