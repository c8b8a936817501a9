import { findEndpoint, insertEndpoint } from "../../adapters/storage/webhooks/endpoints.ts";
import type { WebhookEndpoint } from "../../adapters/storage/webhooks/endpointRows.ts";
import { endpointUrl } from "../../adapters/webhooks/endpointUrl.ts";
import { newWebhookSecret } from "../../adapters/webhooks/signWebhook.ts";
import { checkEndpointRoom } from "../../stages/webhooks/endpointChecks.ts";
import { checkEventTypes } from "./checkEventTypes.ts";
import { newId, secretOf, type WebhookContext } from "./webhookContext.ts";

export interface EndpointRequest {
  readonly url: string;
  /** Null: all types, also those that are yet to come. */
  readonly eventTypes: readonly string[] | null;
}

/**
 * Enters an endpoint for events. Its secret is answered here and never again; the database holds it sealed.
 * @throws InputError as `endpointUrl`, `webhook.event-types`; StateError `webhook.too-many`
 */
export async function createEndpoint(
  context: WebhookContext,
  request: EndpointRequest,
): Promise<{ readonly endpoint: WebhookEndpoint; readonly secret: string }> {
  const { db, tenant, randomness } = context;
  const url = endpointUrl(request.url, context.config.webhookAllow).href;
  const eventTypes = checkEventTypes(request.eventTypes);
  const endpointId = newId("ep", randomness);
  const secret = newWebhookSecret(randomness);
  const sealedSecret = context.sealer.seal(secret, secretOf({ tenant, endpointId }));
  await insertEndpoint(
    db,
    tenant,
    {
      endpointId,
      url,
      eventTypes,
      sealedSecret,
      createdAt: context.clock.now(),
    },
    checkEndpointRoom,
  );
  return { endpoint: await findEndpoint(db, tenant, endpointId), secret };
}
