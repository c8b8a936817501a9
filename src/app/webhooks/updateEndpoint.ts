import { updateEndpoint as update, type EndpointChange } from "../../adapters/storage/webhooks/endpoints.ts";
import type { WebhookEndpoint } from "../../adapters/storage/webhooks/endpointRows.ts";
import { endpointUrl } from "../../adapters/webhooks/endpointUrl.ts";
import { checkEventTypes } from "./checkEventTypes.ts";
import type { EndpointRequest } from "./createEndpoint.ts";
import type { WebhookContext } from "./webhookContext.ts";

/** What may be changed; what is not named stays. */
export type EndpointUpdate = Partial<EndpointRequest> & Pick<EndpointChange, "disabled">;

/**
 * Changes an endpoint, or switches it off and on again; see `updateEndpoint` of the storage.
 * @throws InputError as `createEndpoint`; UsageError `webhook.unknown`
 */
export async function updateEndpoint(
  { db, tenant, clock, config }: WebhookContext,
  endpointId: string,
  { url, eventTypes, disabled }: EndpointUpdate,
): Promise<WebhookEndpoint> {
  const change: EndpointChange = {
    ...(url === undefined ? {} : { url: endpointUrl(url, config.webhookAllow).href }),
    ...(eventTypes === undefined ? {} : { eventTypes: checkEventTypes(eventTypes) }),
    ...(disabled === undefined ? {} : { disabled }),
  };
  return update(db, tenant, endpointId, change, clock.now());
}
