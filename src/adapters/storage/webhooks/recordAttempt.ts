import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { Session } from "../engine/database.ts";
import { recordEvent } from "../events/recordEvent.ts";
import type { DeliveryAttempt, ScheduleAttempt } from "./deliveries.ts";
import { disableEndpoint, lockEndpoint } from "./endpoints.ts";

/** What came of an attempt. */
export interface AttemptOutcome {
  readonly at: UnixSeconds;
  readonly status: number | null;
  /** A word, where there was no answer. */
  readonly failure: string | null;
  /**
   * `delivered`; `gone`: nothing more is to be sent to the endpoint; a number: seconds until the next
   * attempt; null: it was the last.
   */
  readonly next: "delivered" | "gone" | number | null;
}

/**
 * Notes an attempt and plans the next one, both or none. An endpoint whose receiver is gone, or has done
 * nothing but fail for `failingSeconds`, is switched off, and the tenant is told by the event
 * `endpoint.disabled`. An attempt that another worker has noted meanwhile, or whose endpoint is no longer
 * there, is passed over.
 */
export async function recordAttempt(
  db: Session,
  attempt: DeliveryAttempt,
  outcome: AttemptOutcome,
  { failingSeconds, schedule }: { readonly failingSeconds: number; readonly schedule: ScheduleAttempt },
): Promise<void> {
  const { tenant, endpointId, deliveryId, attempts } = attempt;
  await db.transaction(async (tx) => {
    const endpoint = await lockEndpoint(tx, tenant, endpointId);
    if (endpoint === null) return;
    const retryAfter = typeof outcome.next === "number" ? outcome.next : null;
    const state = outcome.next === "delivered" ? "delivered" : retryAfter === null ? "failed" : "pending";
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
    const failingSince = outcome.next === "delivered" ? null : (endpoint.failingSince ?? outcome.at);
    await tx.query("UPDATE webhook_endpoints SET failing_since = $3 WHERE tenant = $1 AND endpoint_id = $2", [
      tenant,
      endpointId,
      failingSince,
    ]);
    const failing = failingSince !== null && outcome.at - failingSince >= failingSeconds;
    if (endpoint.disabled !== null || (outcome.next !== "gone" && !failing)) return;
    const reason = outcome.next === "gone" ? "gone" : "failing";
    await disableEndpoint(tx, tenant, endpointId, reason, outcome.at);
    await recordEvent(tx, tenant, { type: "endpoint.disabled", data: { endpointId, reason } });
  });
}
