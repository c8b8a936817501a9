import type { Queue } from "../../adapters/storage/queue/queue.ts";
import { insertDelivery } from "../../adapters/storage/webhooks/deliveries.ts";
import { lockEndpoint, unknownEndpoint } from "../../adapters/storage/webhooks/endpoints.ts";
import { checkEndpointEnabled } from "../../stages/webhooks/endpointChecks.ts";
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
    checkEndpointEnabled((await lockEndpoint(tx, tenant, endpointId)) ?? unknownEndpoint());
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
