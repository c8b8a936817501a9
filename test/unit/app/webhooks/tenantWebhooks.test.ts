/** Webhook endpoints and what is on its way to them, as people and programs see them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openQueue } from "../../../../src/adapters/storage/queue/openQueue.ts";
import type { Queue } from "../../../../src/adapters/storage/queue/queue.ts";
import type { Context } from "../../../../src/app/context.ts";
import { checkEventTypes } from "../../../../src/app/webhooks/checkEventTypes.ts";
import { eventBody, testBody } from "../../../../src/app/webhooks/eventBody.ts";
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
} from "../../../../src/app/webhooks/tenantWebhooks.ts";
import { WEBHOOK_JOBS } from "../../../../src/app/webhooks/webhookContext.ts";
import { tenantId } from "../../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { EVENT_TYPES } from "../../../../src/events/events.ts";
import { newPlace, type Place } from "../../../e2e/support/newPlace.ts";

/** 2026-01-01T00:00:00Z */
const NOW = 1_767_225_600;
const DAY = 86_400;

let place: Place;
let context: Context;
let other: Context;
let queue: Queue;
let now = NOW;
beforeAll(async () => {
  place = await newPlace(null);
  context = await place.open({ now: () => now as UnixSeconds });
  other = await context.forTenant(tenantId("other"));
  queue = await openQueue(context.db, { kinds: [WEBHOOK_JOBS], onError: () => undefined });
});
afterAll(async () => {
  await queue.stop();
  await other.close();
  await context.close();
  await place.remove();
});

describe("a tenant's webhook", () => {
  let id: string;

  it("is made with a secret that is shown once, and described to its tenant alone", async () => {
    const { secret, ...made } = await addWebhook(context, {
      url: "https://example.org/hook",
      eventTypes: ["batch.minted"],
    });
    id = made.webhookId;
    expect(id).toMatch(/^ep_[0-9a-f]{32}$/);
    expect(secret).toMatch(/^whsec_/);
    expect(made).toEqual({
      webhookId: id,
      url: "https://example.org/hook",
      eventTypes: ["batch.minted"],
      createdAt: "2026-01-01T00:00:00Z",
      failingSince: null,
      disabledAt: null,
      disabledReason: null,
      previousSecretUntil: null,
    });
    expect(await describeWebhooks(context)).toEqual([made]);
    expect(await describeWebhook(context, id)).toEqual(made);
    expect(await describeWebhooks(other)).toEqual([]);
    await expect(describeWebhook(other, id)).rejects.toMatchObject({ code: "webhook.unknown" });
  });

  it("is changed in what is named, and stays as it is in all else", async () => {
    expect(await changeWebhook(context, id, { url: "https://example.org/other" })).toMatchObject({
      url: "https://example.org/other",
      eventTypes: ["batch.minted"],
    });
    expect(await changeWebhook(context, id, { eventTypes: null })).toMatchObject({
      url: "https://example.org/other",
      eventTypes: null,
      disabledAt: null,
    });
    now = NOW + 60;
    expect(await changeWebhook(context, id, { disabled: true })).toMatchObject({
      disabledAt: "2026-01-01T00:01:00Z",
      disabledReason: "owner",
      eventTypes: null,
    });
    await expect(testWebhook({ queue }, context, id)).rejects.toMatchObject({ code: "webhook.disabled" });
    expect(await changeWebhook(context, id, { disabled: false })).toMatchObject({ disabledAt: null });
    await expect(changeWebhook(context, id, { eventTypes: ["batch.burned"] })).rejects.toMatchObject({
      code: "webhook.event-types",
    });
  });

  it("gets a new secret beside the old one, for as long as was asked", async () => {
    const first = await rotateWebhookSecret(context, id, DAY);
    expect(first).toMatchObject({
      secret: expect.stringMatching(/^whsec_/) as unknown,
      previousUntil: "2026-01-02T00:01:00Z",
    });
    expect(await describeWebhook(context, id)).toMatchObject({ previousSecretUntil: "2026-01-02T00:01:00Z" });
    const second = await rotateWebhookSecret(context, id, 0);
    expect(second.secret).not.toBe(first.secret);
    expect(second.previousUntil).toBe("2026-01-01T00:01:00Z");
  });

  it("shows what is on its way, newest first, by state and behind a number", async () => {
    const sent = [await testWebhook({ queue }, context, id), await testWebhook({ queue }, context, id)];
    const all = await describeDeliveries(context, id, { limit: 10 });
    expect(all.map(({ deliveryId }) => deliveryId)).toEqual(sent.toReversed());
    const [newest, oldest] = all;
    expect(oldest).toEqual({
      deliveryId: sent[0],
      number: oldest?.number,
      sequence: null,
      type: "endpoint.test",
      state: "pending",
      attempts: 0,
      createdAt: "2026-01-01T00:01:00Z",
      attemptedAt: null,
      nextAt: "2026-01-01T00:01:00Z",
      lastStatus: null,
      lastFailure: null,
    });
    expect(oldest?.number).toMatch(/^[0-9]+$/);
    expect(await describeDeliveries(context, id, { limit: 1 })).toEqual([newest]);
    expect(await describeDeliveries(context, id, { limit: 10, before: newest?.number })).toEqual([oldest]);
    expect(await describeDeliveries(context, id, { limit: 10, state: "pending" })).toEqual(all);
    expect(await describeDeliveries(context, id, { limit: 10, state: "delivered" })).toEqual([]);
    await expect(describeDeliveries(other, id, { limit: 1 })).rejects.toMatchObject({
      code: "webhook.unknown",
    });
    const again = { endpointId: id, deliveryId: sent[0] ?? "" };
    await expect(sendAgain({ queue }, other, again)).rejects.toMatchObject({ code: "webhook.unknown" });
    await expect(sendAgain({ queue }, context, { ...again, deliveryId: "msg_none" })).rejects.toMatchObject({
      code: "webhook.delivery-unknown",
    });
    await sendAgain({ queue }, context, again);
  });

  it("is removed by its tenant alone", async () => {
    await expect(removeWebhook(other, id)).rejects.toMatchObject({ code: "webhook.unknown" });
    await removeWebhook(context, id);
    expect(await describeWebhooks(context)).toEqual([]);
  });
});

it("types of events are asked for once each, in the order of the list; null is all", () => {
  expect(checkEventTypes(null)).toBeNull();
  const [first, second] = EVENT_TYPES;
  expect(checkEventTypes([second ?? "", first ?? "", second ?? ""])).toEqual([first, second]);
  for (const asked of [[], ["x.y"], [first ?? "", "x.y"]])
    expect(() => checkEventTypes(asked)).toThrow(
      `The types of events that an endpoint can ask for are: ${EVENT_TYPES.join(", ")}.`,
    );
});

it("an event's body is the same bytes each time, and a test's names its endpoint", () => {
  const data = { milligrams: "5", batchId: "0xab" };
  expect(
    eventBody({ type: "batch.minted", occurredAt: NOW as UnixSeconds, sequence: 7n, data } as never),
  ).toBe(
    '{"data":{"batchId":"0xab","milligrams":"5"},"sequence":"7",' +
      '"timestamp":"2026-01-01T00:00:00Z","type":"batch.minted"}',
  );
  expect(testBody("ep_1", NOW as UnixSeconds)).toBe(
    '{"data":{"endpointId":"ep_1"},"sequence":null,' +
      '"timestamp":"2026-01-01T00:00:00Z","type":"endpoint.test"}',
  );
});
