import type { Queue } from "../../adapters/storage/queue/queue.ts";
import {
  listDeliveries as list,
  redeliver as again,
  type DeliveryFilter,
} from "../../adapters/storage/webhooks/deliveries.ts";
import type { WebhookDelivery } from "../../adapters/storage/webhooks/deliveryRows.ts";
import { findEndpoint } from "../../adapters/storage/webhooks/endpoints.ts";
import { checkEndpointEnabled } from "../../stages/webhooks/endpointChecks.ts";
import { scheduleBy, type WebhookContext } from "./webhookContext.ts";

/** An endpoint's deliveries, newest first. @throws UsageError `webhook.unknown` */
export async function listDeliveries(
  { db, tenant }: Pick<WebhookContext, "db" | "tenant">,
  endpointId: string,
  filter: DeliveryFilter,
): Promise<WebhookDelivery[]> {
  await findEndpoint(db, tenant, endpointId);
  return list(db, tenant, endpointId, filter);
}

/**
 * Sends a delivery once more, see `redeliver` of the storage. @throws UsageError `webhook.unknown`,
 * `webhook.delivery-unknown`; StateError `webhook.disabled`
 */
export async function redeliver(
  { db, tenant, clock, queue }: Pick<WebhookContext, "db" | "tenant" | "clock"> & { readonly queue: Queue },
  delivery: { readonly endpointId: string; readonly deliveryId: string },
): Promise<void> {
  return again(db, tenant, delivery, clock.now(), scheduleBy(queue), checkEndpointEnabled);
}
