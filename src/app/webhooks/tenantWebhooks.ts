import type { Queue } from "../../adapters/storage/queue/queue.ts";
import type { DeliveryState, WebhookDelivery } from "../../adapters/storage/webhooks/deliveryRows.ts";
import { deleteEndpoint, findEndpoint, listEndpoints } from "../../adapters/storage/webhooks/endpoints.ts";
import type { WebhookEndpoint } from "../../adapters/storage/webhooks/endpointRows.ts";
import type { DisabledReason } from "../../stages/webhooks/ports.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { EventType } from "../../events/events.ts";
import type { Context } from "../context.ts";
import { createEndpoint, type EndpointRequest } from "./createEndpoint.ts";
import { listDeliveries, redeliver } from "./deliveries.ts";
import { rotateSecret } from "./rotateSecret.ts";
import { sendTestEvent } from "./sendTestEvent.ts";
import { updateEndpoint, type EndpointUpdate } from "./updateEndpoint.ts";

/** What plans attempts. */
type Sends = { readonly queue: Queue };

/** A webhook endpoint for people and programs; times ISO 8601, UTC. */
export interface WebhookDescription {
  readonly webhookId: string;
  readonly url: string;
  readonly eventTypes: readonly EventType[] | null;
  readonly createdAt: string;
  readonly failingSince: string | null;
  readonly disabledAt: string | null;
  readonly disabledReason: DisabledReason | null;
  readonly previousSecretUntil: string | null;
}

/** Something on its way to an endpoint; numbers of the database as decimal strings. */
export interface DeliveryDescription {
  readonly deliveryId: string;
  readonly number: string;
  readonly sequence: string | null;
  readonly type: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly createdAt: string;
  readonly attemptedAt: string | null;
  readonly nextAt: string | null;
  readonly lastStatus: number | null;
  readonly lastFailure: string | null;
}

/** The tenant's endpoints, oldest first. */
export async function describeWebhooks(context: Context): Promise<WebhookDescription[]> {
  return (await listEndpoints(context.db, context.tenant)).map(describe);
}

/** @throws UsageError `webhook.unknown` */
export async function describeWebhook(context: Context, webhookId: string): Promise<WebhookDescription> {
  return describe(await findEndpoint(context.db, context.tenant, webhookId));
}

/** @throws as `createEndpoint` */
export async function addWebhook(
  context: Context,
  request: EndpointRequest,
): Promise<WebhookDescription & { readonly secret: string }> {
  const { endpoint, secret } = await createEndpoint(context, request);
  return { ...describe(endpoint), secret };
}

/** @throws as `updateEndpoint` */
export async function changeWebhook(
  context: Context,
  webhookId: string,
  change: EndpointUpdate,
): Promise<WebhookDescription> {
  return describe(await updateEndpoint(context, webhookId, change));
}

/** @throws UsageError `webhook.unknown` */
export async function removeWebhook(context: Context, webhookId: string): Promise<void> {
  await deleteEndpoint(context.db, context.tenant, webhookId);
}

/** @throws as `rotateSecret` */
export async function rotateWebhookSecret(
  context: Context,
  webhookId: string,
  overlapSeconds: number,
): Promise<{ secret: string; previousUntil: string }> {
  const { secret, previousUntil } = await rotateSecret(context, webhookId, overlapSeconds);
  return { secret, previousUntil: utcText(previousUntil) };
}

/** Answers the delivery's id. @throws as `sendTestEvent` */
export async function testWebhook({ queue }: Sends, context: Context, webhookId: string): Promise<string> {
  return sendTestEvent({ ...context, queue }, webhookId);
}

/** @throws UsageError `webhook.unknown` */
export async function describeDeliveries(
  context: Context,
  webhookId: string,
  filter: {
    readonly state?: DeliveryState | undefined;
    readonly before?: string | undefined;
    readonly limit: number;
  },
): Promise<DeliveryDescription[]> {
  const { state, before, limit } = filter;
  const found = await listDeliveries(context, webhookId, {
    limit,
    ...(state === undefined ? {} : { state }),
    ...(before === undefined ? {} : { before: BigInt(before) }),
  });
  return found.map(describeDelivery);
}

/** @throws as `redeliver` */
export async function sendAgain(
  { queue }: Sends,
  context: Context,
  delivery: { endpointId: string; deliveryId: string },
): Promise<void> {
  await redeliver({ ...context, queue }, delivery);
}

function describe({
  endpointId,
  url,
  eventTypes,
  createdAt,
  failingSince,
  disabled,
  previousSecretUntil,
}: WebhookEndpoint): WebhookDescription {
  return {
    webhookId: endpointId,
    url,
    eventTypes,
    createdAt: utcText(createdAt),
    failingSince: textOf(failingSince),
    disabledAt: textOf(disabled?.at ?? null),
    disabledReason: disabled?.reason ?? null,
    previousSecretUntil: textOf(previousSecretUntil),
  };
}

function describeDelivery({
  number,
  sequence,
  createdAt,
  attemptedAt,
  nextAt,
  ...rest
}: WebhookDelivery): DeliveryDescription {
  const { deliveryId, type, state, attempts, lastStatus, lastFailure } = rest;
  return {
    deliveryId,
    number: number.toString(),
    sequence: sequence?.toString() ?? null,
    type,
    state,
    attempts,
    createdAt: utcText(createdAt),
    attemptedAt: textOf(attemptedAt),
    nextAt: textOf(nextAt),
    lastStatus,
    lastFailure,
  };
}

function textOf(at: UnixSeconds | null): string | null {
  return at === null ? null : utcText(at);
}
