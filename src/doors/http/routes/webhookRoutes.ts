import { z } from "zod";
import {
  addWebhook,
  changeWebhook,
  describeDeliveries,
  describeWebhook,
  describeWebhooks,
  removeWebhook,
  rotateWebhookSecret,
  sendAgain,
  testWebhook,
} from "../../../app/webhooks/tenantWebhooks.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import { EVENT_TYPES } from "../../../events/events.ts";
import { ok, route, type Answer } from "../pipeline/route.ts";
import { timeText } from "../schemas/common.ts";

const types = z.enum(EVENT_TYPES as [string, ...string[]]);
const webhook = z
  .object({
    webhookId: z.string(),
    url: z.string(),
    eventTypes: z
      .array(types)
      .nullable()
      .meta({ description: "Null: all, also those that are yet to come." }),
    createdAt: timeText,
    failingSince: timeText.nullable(),
    disabledAt: timeText.nullable(),
    disabledReason: z.enum(["gone", "failing", "owner"]).nullable(),
    previousSecretUntil: timeText
      .nullable()
      .meta({ description: "Until when the secret before the last rotation signs as well." }),
  })
  .meta({ id: "Webhook" });
const secret = z.string().meta({ description: "`whsec_…`, shown in this answer and never again." });
const delivery = z
  .object({
    deliveryId: z.string().meta({ description: "The `webhook-id` of its requests." }),
    number: z.string().meta({ description: "Newest highest." }),
    sequence: z.string().nullable().meta({ description: "Number of the event; null for a test." }),
    type: z.string(),
    state: z.enum(["pending", "delivered", "failed", "cancelled"]),
    attempts: z.int(),
    createdAt: timeText,
    attemptedAt: timeText.nullable(),
    nextAt: timeText.nullable(),
    lastStatus: z.int().nullable(),
    lastFailure: z.string().nullable(),
  })
  .meta({ id: "WebhookDelivery" });
const url = z.string().min(1).max(2000).meta({
  description: "Where events are posted to: https, a public address.",
  example: "https://example.org/hooks",
});
const eventTypes = z.array(types).min(1).max(EVENT_TYPES.length).nullable();
const params = z.strictObject({ webhook: z.string().min(1).max(80) });
const gone: Answer = { status: 204, empty: true };
const newSecret = { "Cache-Control": "no-store" };

/** Where events are sent to, signed by Standard Webhooks. */
export const webhookRoutes = [
  route({
    method: "get",
    path: "/v1/webhooks",
    operationId: "listWebhooks",
    tag: "Webhooks",
    summary: "All receivers, oldest first",
    role: "admin",
    answers: { 200: { description: "The receivers.", json: z.object({ webhooks: z.array(webhook) }) } },
    handle: async ({ context }) => ok({ webhooks: await describeWebhooks(context) }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks",
    operationId: "createWebhook",
    tag: "Webhooks",
    summary: "Have events sent to an address",
    description:
      "It begins with what happens from now on. The secret is shown in this answer and never again, so " +
      "this request takes no Idempotency-Key.",
    role: "admin",
    body: z.strictObject({ url, eventTypes: eventTypes.default(null) }),
    answers: {
      201: {
        description: "The receiver with its secret.",
        json: webhook.extend({ secret }).meta({ id: "NewWebhook" }),
      },
    },
    handle: async ({ context, body }) => ({
      status: 201,
      headers: newSecret,
      json: await addWebhook(context, body),
    }),
  }),
  route({
    method: "get",
    path: "/v1/webhooks/{webhook}",
    operationId: "getWebhook",
    tag: "Webhooks",
    summary: "One receiver",
    role: "admin",
    params,
    answers: { 200: { description: "The receiver.", json: webhook } },
    handle: async ({ context, params: { webhook: id } }) => ok(await describeWebhook(context, id)),
  }),
  route({
    method: "patch",
    path: "/v1/webhooks/{webhook}",
    operationId: "updateWebhook",
    tag: "Webhooks",
    summary: "Change a receiver, or switch it off and on",
    role: "admin",
    params,
    body: z.strictObject({
      url: url.exactOptional(),
      eventTypes: eventTypes.exactOptional(),
      disabled: z.boolean().exactOptional(),
    }),
    answers: { 200: { description: "The receiver.", json: webhook } },
    handle: async ({ context, params: { webhook: id }, body }) => ok(await changeWebhook(context, id, body)),
  }),
  route({
    method: "delete",
    path: "/v1/webhooks/{webhook}",
    operationId: "deleteWebhook",
    tag: "Webhooks",
    summary: "Forget a receiver with its deliveries",
    role: "admin",
    params,
    answers: { 204: { description: "It is gone." } },
    async handle({ context, params: { webhook: id } }) {
      await removeWebhook(context, id);
      return gone;
    },
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{webhook}/test",
    operationId: "testWebhook",
    tag: "Webhooks",
    summary: "Send a receiver an event of type endpoint.test",
    role: "admin",
    params,
    answers: { 202: { description: "It is on its way.", json: z.object({ deliveryId: z.string() }) } },
    handle: async ({ service, context, params: { webhook: id } }) => ({
      status: 202,
      json: { deliveryId: await testWebhook(service, context, id) },
    }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{webhook}/secret",
    operationId: "rotateWebhookSecret",
    tag: "Webhooks",
    summary: "Give a receiver a new secret",
    description: "Until the overlap is over both secrets sign; 0 ends the old one at once.",
    role: "admin",
    params,
    body: z.strictObject({
      overlapSeconds: z
        .int()
        .min(0)
        .max(7 * SECONDS_PER_DAY)
        .default(SECONDS_PER_DAY),
    }),
    answers: { 200: { description: "The new secret.", json: z.object({ secret, previousUntil: timeText }) } },
    handle: async ({ context, params: { webhook: id }, body }) => ({
      status: 200,
      headers: newSecret,
      json: await rotateWebhookSecret(context, id, body.overlapSeconds),
    }),
  }),
  route({
    method: "get",
    path: "/v1/webhooks/{webhook}/deliveries",
    operationId: "listWebhookDeliveries",
    tag: "Webhooks",
    summary: "What was sent to a receiver, newest first",
    role: "admin",
    params,
    query: z.strictObject({
      state: z.enum(["pending", "delivered", "failed", "cancelled"]).optional(),
      before: z
        .string()
        .regex(/^[1-9][0-9]{0,17}$/, "must be a decimal number")
        .optional()
        .meta({ description: "Only those with a lower `number`." }),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
    answers: { 200: { description: "The deliveries.", json: z.object({ deliveries: z.array(delivery) }) } },
    handle: async ({ context, params: { webhook: id }, query }) =>
      ok({ deliveries: await describeDeliveries(context, id, query) }),
  }),
  route({
    method: "post",
    path: "/v1/webhooks/{webhook}/deliveries/{delivery}/again",
    operationId: "redeliverWebhook",
    tag: "Webhooks",
    summary: "Send a delivery once more, with the same id and body",
    role: "admin",
    params: z.strictObject({ webhook: z.string().min(1).max(80), delivery: z.string().min(1).max(80) }),
    answers: { 202: { description: "It is on its way.", json: z.object({ deliveryId: z.string() }) } },
    async handle({ service, context, params: { webhook: endpointId, delivery: deliveryId } }) {
      await sendAgain(service, context, { endpointId, deliveryId });
      return { status: 202, json: { deliveryId } };
    },
  }),
];
