import type { Queue } from "../../adapters/storage/queue/queue.ts";
import { insertDelivery } from "../../adapters/storage/webhooks/deliveries.ts";
import { lockEndpoint, unknownEndpoint } from "../../adapters/storage/webhooks/endpoints.ts";
import { StateError } from "../../base/errors/errors.ts";
import { TEST_EVENT_TYPE } from "../../events/events.ts";
import { testBody } from "./eventBody.ts";
import { newId, scheduleBy, type WebhookContext } from "./webhookContext.ts";

/**
 * Sends an endpoint an event of type `endpoint.test`, as any other delivery. Answers its id.
 * @throws UsageError `webhook.unknown`; StateError `webhook.disabled`
 */
export async function sendTestEvent(
  context: WebhookContext & { readonly queue: Queue },
  endpointId: string,
): Promise<string> {
  const { db, tenant, clock, randomness, queue } = context;
  const deliveryId = newId("msg", randomness);
  await db.transaction(async (tx) => {
    const { disabled } = (await lockEndpoint(tx, tenant, endpointId)) ?? unknownEndpoint();
    if (disabled !== null)
      throw new StateError(
        "webhook.disabled",
        "This webhook endpoint is switched off. Switch it on, then test it.",
      );
    const now = clock.now();
    const delivery = {
      deliveryId,
      endpointId,
      sequence: null,
      type: TEST_EVENT_TYPE,
      body: testBody(endpointId, now),
    };
    await insertDelivery(tx, tenant, delivery, now, scheduleBy(queue));
  });
  return deliveryId;
}
