import {
  deleteEndpoint as forget,
  findEndpoint as find,
  listEndpoints as list,
} from "../../adapters/storage/webhooks/endpoints.ts";
import type { WebhookEndpoint } from "../../adapters/storage/webhooks/endpointRows.ts";
import type { WebhookContext } from "./webhookContext.ts";

type Stored = Pick<WebhookContext, "db" | "tenant">;

/** A tenant's receivers, oldest first. */
export async function listEndpoints({ db, tenant }: Stored): Promise<WebhookEndpoint[]> {
  return list(db, tenant);
}

/** @throws UsageError `webhook.unknown` */
export async function findEndpoint({ db, tenant }: Stored, endpointId: string): Promise<WebhookEndpoint> {
  return find(db, tenant, endpointId);
}

/** Forgets a receiver with its secrets and deliveries. @throws UsageError `webhook.unknown` */
export async function deleteEndpoint({ db, tenant }: Stored, endpointId: string): Promise<void> {
  return forget(db, tenant, endpointId);
}
