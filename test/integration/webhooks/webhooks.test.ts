import { describe, expect, it } from "vitest";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import { listDeliveries, redeliver } from "../../../src/app/webhooks/deliveries.ts";
import { deliverWebhook } from "../../../src/app/webhooks/deliverWebhook.ts";
import { findEndpoint } from "../../../src/adapters/storage/webhooks/endpoints.ts";
import { EVENT_ENVELOPE } from "../../../src/events/events.ts";
import { SECONDS_PER_DAY } from "../../../src/base/lib/time/units.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { eventsOf, hash } from "../storage/support/samples.ts";
import { verified, type Received, type Receiver } from "./support/receiver.ts";
import { deliverDue, fanOutNow, recordCommitted, type TestContext } from "./support/webhookBench.ts";
import { onEachWebhookEngine } from "./support/onEachWebhookEngine.ts";

const idsOf = (receiver: Receiver): unknown[] =>
  receiver.received.map(({ headers }) => headers["webhook-id"]);

describe("webhooks", () => {
  onEachWebhookEngine(({ bench, answering, context, endpoint }) => {
    it("whose attempt is broken off are tried again: nothing is known of it", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver, ["batch.committed"]);
      await recordCommitted(to.db, to.tenant, "broken off");
      await fanOutNow(to);
      const [{ deliveryId } = { deliveryId: "none" }] = await listDeliveries(to, made.endpointId, {
        limit: 1,
      });
      const attempt = { tenant: to.tenant, endpointId: made.endpointId, deliveryId, attempts: 0 };
      await expect(deliverWebhook(to, attempt, AbortSignal.abort())).rejects.toMatchObject({
        code: "webhook.stopped",
        message: "The attempt was broken off.",
      });
      expect(await listDeliveries(to, made.endpointId, { limit: 1 })).toMatchObject([
        { state: "pending", attempts: 0 },
      ]);
      expect(await deliverDue(to)).toBe(1);
    });

    it("bring each event wanted and recorded since to its receiver, verifiable, no other", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      await recordCommitted(to.db, to.tenant, "before");
      const { endpoint: made, secret } = await endpoint(to, receiver, ["batch.committed"]);
      expect(made).toMatchObject({
        url: receiver.url,
        eventTypes: ["batch.committed"],
        failingSince: null,
        disabled: null,
      });
      expect(made.endpointId).toMatch(/^ep_[0-9a-f]{32}$/);
      await recordCommitted(to.db, to.tenant, "wanted");
      await to.db.query("SELECT 1");
      await recordCommitted(to.db, await bench.tenant(), "another tenant's");
      const other = await endpoint(to, receiver, ["batch.minted"]);
      await fanOutNow(to);
      expect(await deliverDue(to)).toBe(1);
      const [got] = receiver.received as [Received];
      expect(EVENT_ENVELOPE.parse(verified(secret, got))).toMatchObject({
        type: "batch.committed",
        sequence: "2",
        data: { batchId: toHex(hash("wanted")) },
      });
      expect(got.headers).toMatchObject({
        "content-type": "application/json",
        "webhook-timestamp": String(to.clock.now()),
      });
      expect(() => verified(other.secret, got)).toThrow("No matching signature");
      expect(() => verified(secret, { ...got, body: got.body.replace("committed", "minted") })).toThrow(
        "No matching signature",
      );
      expect(() =>
        verified(secret, { ...got, headers: { ...got.headers, "webhook-id": "msg_other" } }),
      ).toThrow("No matching signature");
      expect(await listDeliveries(to, made.endpointId, { limit: 10 })).toMatchObject([
        {
          state: "delivered",
          attempts: 1,
          lastStatus: 204,
          nextAt: null,
          sequence: 2n,
          deliveryId: got.headers["webhook-id"],
        },
      ]);
      expect(await listDeliveries(to, other.endpoint.endpointId, { limit: 10 })).toEqual([]);
    });

    it("are tried again 9 times, 5 s to 24 h later, with one id, and then given up", async () => {
      const receiver = await answering(500);
      const to = await context(receiver);
      const { endpoint: made, secret } = await endpoint(to, receiver);
      await recordCommitted(to.db, to.tenant, "a");
      await fanOutNow(to);
      const waits: (number | null)[] = [];
      for (;;) {
        expect(await deliverDue(to)).toBe(1);
        const [delivery] = await listDeliveries(to, made.endpointId, { limit: 1 });
        const wait = delivery?.nextAt ? delivery.nextAt - to.clock.now() : null;
        waits.push(wait);
        if (wait === null) break;
        to.advance(wait - 1);
        expect(await deliverDue(to)).toBe(0);
        to.advance(1);
      }
      expect(waits).toEqual([5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400, null]);
      expect(await listDeliveries(to, made.endpointId, { limit: 1 })).toMatchObject([
        { state: "failed", attempts: 10, lastStatus: 500 },
      ]);
      expect(new Set(idsOf(receiver)).size).toBe(1);
      expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1);
      expect(new Set(receiver.received.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(10);
      verified(secret, receiver.received[0] as Received);
      expect((await findEndpoint(to.db, to.tenant, made.endpointId)).failingSince).not.toBeNull();
    });

    it("wait as long as a receiver's 429 and 503 ask; a success ends all failing", async () => {
      const receiver = await answering(
        [429, { "retry-after": "600" }],
        [503, { "retry-after": "900" }],
        [500, { "retry-after": "9999" }],
        200,
      );
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      await recordCommitted(to.db, to.tenant, "a");
      await fanOutNow(to);
      const since = to.clock.now();
      for (const wait of [600, 900, 1_800]) {
        await deliverDue(to);
        const [delivery] = await listDeliveries(to, made.endpointId, { limit: 1 });
        expect((delivery?.nextAt ?? 0) - to.clock.now()).toBe(wait);
        expect((await findEndpoint(to.db, to.tenant, made.endpointId)).failingSince).toBe(since);
        to.advance(wait);
      }
      await deliverDue(to);
      expect(await listDeliveries(to, made.endpointId, { limit: 1 })).toMatchObject([
        { state: "delivered", attempts: 4 },
      ]);
      expect((await findEndpoint(to.db, to.tenant, made.endpointId)).failingSince).toBeNull();
    });

    it("end for a receiver that is gone, and the tenant's other receivers are told", async () => {
      const [gone, stays] = [await answering(410), await answering(204)];
      const to = await context(gone, stays);
      const { endpoint: made } = await endpoint(to, gone);
      const { secret } = await endpoint(to, stays, ["endpoint.disabled"]);
      for (const name of ["a", "b", "c"]) await recordCommitted(to.db, to.tenant, name);
      await fanOutNow(to);
      await deliverDue(to);
      expect(gone.received).toHaveLength(1);
      expect((await findEndpoint(to.db, to.tenant, made.endpointId)).disabled).toEqual({
        at: to.clock.now(),
        reason: "gone",
      });
      const states = (await listDeliveries(to, made.endpointId, { limit: 9 })).map(({ state }) => state);
      expect(states).toEqual(["cancelled", "cancelled", "failed"]);
      await recordCommitted(to.db, to.tenant, "d");
      await fanOutNow(to);
      await deliverDue(to);
      expect(gone.received).toHaveLength(1);
      expect(stays.received.map((each) => verified(secret, each))).toMatchObject([
        { type: "endpoint.disabled", data: { endpointId: made.endpointId, reason: "gone" } },
      ]);
    });

    it("end for a receiver that has done nothing but fail for five days", async () => {
      const receiver = await answering(500);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      for (let day = 0; day < 5; day++) {
        expect((await findEndpoint(to.db, to.tenant, made.endpointId)).disabled).toBeNull();
        await recordCommitted(to.db, to.tenant, String(day));
        await fanOutNow(to);
        await deliverDue(to);
        to.advance(SECONDS_PER_DAY);
      }
      await deliverDue(to);
      expect((await findEndpoint(to.db, to.tenant, made.endpointId)).disabled).toEqual({
        at: to.clock.now(),
        reason: "failing",
      });
      expect(
        (await eventsOf(to.db, to.tenant)).filter(({ type }) => type === "endpoint.disabled"),
      ).toHaveLength(1);
      expect(await listDeliveries(to, made.endpointId, { state: "pending", limit: 9 })).toEqual([]);
    });

    it("are made of each event once, however many make them and whoever is cut off", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const other = to.db.engine === "postgres" ? await openPostgres(bench.place()) : to.db;
      const { endpoint: made } = await endpoint(to, receiver);
      for (let i = 0; i < 230; i++) await recordCommitted(to.db, to.tenant, String(i));
      const cut: TestContext = {
        ...to,
        queue: { ...to.queue, send: () => Promise.reject(new Error("cut")) },
      };
      await expect(fanOutNow(cut)).rejects.toThrow("cut");
      expect(await listDeliveries(to, made.endpointId, { limit: 1 })).toEqual([]);
      await Promise.all([to, { ...to, db: other }, to, { ...to, db: other }].map((each) => fanOutNow(each)));
      await fanOutNow(to);
      const deliveries = await listDeliveries(to, made.endpointId, { limit: 1_000 });
      expect(deliveries.map(({ sequence }) => Number(sequence))).toEqual(
        Array.from({ length: 230 }, (_, i) => 230 - i),
      );
      if (other !== to.db) await other.close();
    });

    it("are passed over where an attempt was made, and sent again on request, same id", async () => {
      const receiver = await answering(500, 204, 500, 500);
      const to = await context(receiver);
      const { tenant } = to;
      const { endpoint: made } = await endpoint(to, receiver);
      await recordCommitted(to.db, tenant, "a");
      await fanOutNow(to);
      await deliverDue(to);
      const [delivery] = await listDeliveries(to, made.endpointId, { limit: 1 });
      const { endpointId, deliveryId } = delivery as NonNullable<typeof delivery>;
      // The job of the first attempt comes again, as after a crash behind the note.
      await deliverWebhook(to, { tenant, endpointId, deliveryId, attempts: 0 });
      expect(receiver.received).toHaveLength(1);
      await redeliver(to, { endpointId, deliveryId });
      await deliverDue(to);
      expect(await listDeliveries(to, endpointId, { limit: 1 })).toMatchObject([
        { state: "delivered", attempts: 2 },
      ]);
      await deliverWebhook(to, { tenant, endpointId, deliveryId, attempts: 1 });
      expect(receiver.received).toHaveLength(2);
      await redeliver(to, { endpointId, deliveryId });
      await deliverDue(to);
      expect(await listDeliveries(to, endpointId, { limit: 1 })).toMatchObject([
        { state: "pending", attempts: 3, lastStatus: 500 },
      ]);
      expect(new Set(idsOf(receiver)).size).toBe(1);
      await expect(redeliver(to, { endpointId, deliveryId: "msg_none" })).rejects.toMatchObject({
        code: "webhook.delivery-unknown",
      });
    });
  });
});
