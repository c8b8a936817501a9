import type { LookupFunction } from "node:net";
import type { Queue } from "../../adapters/storage/queue/queue.ts";
import type { DeliveryAttempt, ScheduleAttempt } from "../../adapters/storage/webhooks/deliveries.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { Randomness } from "../../base/lib/system.ts";
import type { TenantId } from "../../base/types/ids.ts";
import type { Context } from "../context.ts";

/** What managing endpoints needs. */
export type WebhookContext = Pick<Context, "db" | "tenant" | "clock" | "randomness" | "config" | "sealer">;

/** What sending needs besides, for all tenants. */
export type DeliveryContext = Omit<WebhookContext, "tenant"> &
  Pick<Context, "log"> & {
    readonly queue: Queue;
    /** Names to addresses: `dns.lookup` of node. */
    readonly lookup: LookupFunction;
  };

/**
 * Attempts of deliveries are jobs of this kind. An attempt that fails at the endpoint is no failed job: it is
 * noted, and the next one is a job of its own. So a job only fails with the database or the process, and is
 * then tried again until they are back.
 */
export const WEBHOOK_JOBS = {
  name: "webhook.deliver",
  retryLimit: 1_000,
  retryDelaySeconds: 1,
  retryDelayMaxSeconds: 60,
  expireSeconds: 60,
  oncePerKey: null,
} as const;

/** Plans attempts as jobs. Endpoints are the groups, so that a slow one does not keep the others waiting. */
export function scheduleBy(queue: Queue): ScheduleAttempt {
  return async (tx, attempt, afterSeconds) => {
    await queue.send(
      WEBHOOK_JOBS.name,
      attempt,
      { startAfterSeconds: afterSeconds, group: attempt.endpointId },
      tx,
    );
  };
}

/** `msg_` or `ep_` and 32 hex digits. */
export function newId(prefix: "msg" | "ep", randomness: Randomness): string {
  return `${prefix}_${toHex(randomness.bytes(16)).slice(2)}`;
}

/** Names the row that a sealed secret belongs to. */
export function secretOf({
  tenant,
  endpointId,
}: { readonly tenant: TenantId; readonly endpointId: string } | DeliveryAttempt): string {
  return `${tenant}/${endpointId}`;
}
