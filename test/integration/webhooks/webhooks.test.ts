import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { pruneEvents } from "../../../src/adapters/storage/events/pruneEvents.ts";
import { openPostgres } from "../../../src/adapters/storage/engine/openPostgres.ts";
import type { Queue } from "../../../src/adapters/storage/queue/queue.ts";
import { pruneDeliveries } from "../../../src/adapters/storage/webhooks/deliveries.ts";
import { createEndpoint } from "../../../src/app/webhooks/createEndpoint.ts";
import { listDeliveries, redeliver } from "../../../src/app/webhooks/deliveries.ts";
import { deliverWebhook } from "../../../src/app/webhooks/deliverWebhook.ts";
import { deleteEndpoint, findEndpoint, listEndpoints } from "../../../src/app/webhooks/endpoints.ts";
import { rotateSecret } from "../../../src/app/webhooks/rotateSecret.ts";
import { sendTestEvent } from "../../../src/app/webhooks/sendTestEvent.ts";
import { updateEndpoint } from "../../../src/app/webhooks/updateEndpoint.ts";
import { EVENT_ENVELOPE } from "../../../src/events/events.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "../storage/support/onEachEngine.ts";
import { eventsOf, hash } from "../storage/support/samples.ts";
import { signatureOf, startReceiver, verified, type Received, type Receiver } from "./support/receiver.ts";
import {
  deliverDue,
  fanOutNow,
  recordCommitted,
  webhookContext,
  webhookQueue,
  type TestContext,
} from "./support/webhookBench.ts";

const DAY = 86_400;
const started: Receiver[] = [];
afterEach(async () => {
  for (const receiver of started.splice(0)) await receiver.close();
});

/** A receiver that answers with these statuses in turn, the last one again and again. */
async function answering(...statuses: (number | [number, Record<string, string>])[]): Promise<Receiver> {
  let asked = 0;
  const receiver = await startReceiver((response) => {
    const next = statuses[Math.min(asked++, statuses.length - 1)] as
      number | [number, Record<string, string>];
    const [status, headers] = Array.isArray(next) ? next : [next, {}];
    response.writeHead(status, headers).end();
  });
  started.push(receiver);
  return receiver;
}

const idsOf = (receiver: Receiver): unknown[] =>
  receiver.received.map(({ headers }) => headers["webhook-id"]);

describe("webhooks", () => {
  onEachEngine((bench) => {
    let queue: Queue;
    beforeAll(async () => {
      queue = await webhookQueue(bench.db());
    });
    afterAll(async () => queue.stop(1));

    const context = async (...receivers: Receiver[]): Promise<TestContext> =>
      webhookContext(
        bench.db(),
        queue,
        await bench.tenant(),
        receivers.map(({ host }) => host),
      );
    const endpoint = async (to: TestContext, receiver: Receiver, eventTypes: string[] | null = null) =>
      createEndpoint(to, { url: receiver.url, eventTypes });

    it("bring each event that is wanted and was recorded since to a receiver that can verify it, and to nobody else", async () => {
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

    it("keep secrets sealed: shown once, in no row and no list", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made, secret } = await endpoint(to, receiver);
      const { secret: second } = await rotateSecret(to, made.endpointId);
      expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
      const rows = await to.db.query<{ text: string }>(
        "SELECT e::text AS text FROM webhook_endpoints e WHERE tenant = $1",
        [to.tenant],
      );
      for (const each of [secret, second]) {
        const raw = Buffer.from(each.slice("whsec_".length), "base64").toString("hex");
        for (const form of [each, each.slice("whsec_".length), raw, Buffer.from(each).toString("hex")]) {
          expect(JSON.stringify(rows)).not.toContain(form);
        }
        expect(JSON.stringify(await listEndpoints(to))).not.toContain(each.slice(6));
      }
    });

    it("are tried again 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h later, with one id, and then given up", async () => {
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
      expect((await findEndpoint(to, made.endpointId)).failingSince).not.toBeNull();
    });

    it("wait as long as the receiver asks with 429 and 503, and count a success as the end of all failing", async () => {
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
        expect((await findEndpoint(to, made.endpointId)).failingSince).toBe(since);
        to.advance(wait);
      }
      await deliverDue(to);
      expect(await listDeliveries(to, made.endpointId, { limit: 1 })).toMatchObject([
        { state: "delivered", attempts: 4 },
      ]);
      expect((await findEndpoint(to, made.endpointId)).failingSince).toBeNull();
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
      expect((await findEndpoint(to, made.endpointId)).disabled).toEqual({
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
        expect((await findEndpoint(to, made.endpointId)).disabled).toBeNull();
        await recordCommitted(to.db, to.tenant, String(day));
        await fanOutNow(to);
        await deliverDue(to);
        to.advance(DAY);
      }
      await deliverDue(to);
      expect((await findEndpoint(to, made.endpointId)).disabled).toEqual({
        at: to.clock.now(),
        reason: "failing",
      });
      expect(
        (await eventsOf(to.db, to.tenant)).filter(({ type }) => type === "endpoint.disabled"),
      ).toHaveLength(1);
      expect(await listDeliveries(to, made.endpointId, { state: "pending", limit: 9 })).toEqual([]);
    });

    it("are signed with both secrets while a rotation's overlap lasts", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made, secret: first } = await endpoint(to, receiver);
      const send = async (): Promise<Received> => {
        await sendTestEvent(to, made.endpointId);
        await deliverDue(to);
        return receiver.received.at(-1) as Received;
      };
      const { secret: second, previousUntil } = await rotateSecret(to, made.endpointId, 600);
      expect(previousUntil).toBe(to.clock.now() + 600);
      expect((await findEndpoint(to, made.endpointId)).previousSecretUntil).toBe(previousUntil);
      const both = await send();
      expect(String(both.headers["webhook-signature"]).split(" ")).toHaveLength(2);
      for (const secret of [first, second])
        expect(verified(secret, both)).toMatchObject({ type: "endpoint.test", sequence: null });
      to.advance(600);
      const after = await send();
      expect(after.headers["webhook-signature"]).toBe(signatureOf(second, after));
      const { secret: third } = await rotateSecret(to, made.endpointId, 0);
      const leaked = await send();
      expect(leaked.headers["webhook-signature"]).toBe(signatureOf(third, leaked));
      for (const wrong of [-1, 1.5, 8 * DAY]) {
        await expect(rotateSecret(to, made.endpointId, wrong)).rejects.toMatchObject({
          code: "webhook.overlap",
        });
      }
    });

    it("are made of each event once, however many make them and whoever is cut off", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const other = to.db.engine === "postgres" ? await openPostgres(bench.place()) : to.db;
      const { endpoint: made } = await endpoint(to, receiver);
      for (let i = 0; i < 230; i++) await recordCommitted(to.db, to.tenant, String(i));
      const cut: TestContext = { ...to, queue: { ...queue, send: () => Promise.reject(new Error("cut")) } };
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

    it("are passed over where an attempt was made already, and sent again on request with the same id", async () => {
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

    it("can be switched off and on again: what was recorded between is not sent", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      await recordCommitted(to.db, to.tenant, "cancelled");
      await fanOutNow(to);
      const off = await updateEndpoint(to, made.endpointId, { disabled: true });
      expect(off.disabled).toEqual({ at: to.clock.now(), reason: "owner" });
      await recordCommitted(to.db, to.tenant, "missed");
      await fanOutNow(to);
      expect(await deliverDue(to)).toBe(0);
      const [delivery] = await listDeliveries(to, made.endpointId, { limit: 1 });
      const ids = { endpointId: made.endpointId, deliveryId: delivery?.deliveryId ?? "" };
      await expect(redeliver(to, ids)).rejects.toMatchObject({ code: "webhook.disabled" });
      await expect(sendTestEvent(to, made.endpointId)).rejects.toMatchObject({ code: "webhook.disabled" });
      const on = await updateEndpoint(to, made.endpointId, {
        disabled: false,
        eventTypes: ["batch.committed"],
        url: `${receiver.url}/new`,
      });
      expect(on).toMatchObject({
        disabled: null,
        eventTypes: ["batch.committed"],
        url: `${receiver.url}/new`,
      });
      await recordCommitted(to.db, to.tenant, "sent");
      await fanOutNow(to);
      await deliverDue(to);
      expect(receiver.received.map(({ url, body }) => [url, body.includes(toHex(hash("sent")))])).toEqual([
        ["/hook/new", true],
      ]);
    });

    it("belong to their tenant alone, and refuse what makes no sense", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      const foreign: TestContext = { ...to, tenant: await bench.tenant() };
      const id = made.endpointId;
      const attempts: (() => Promise<unknown>)[] = [
        () => findEndpoint(foreign, id),
        () => deleteEndpoint(foreign, id),
        () => updateEndpoint(foreign, id, { disabled: true }),
        () => rotateSecret(foreign, id),
        () => sendTestEvent(foreign, id),
        () => listDeliveries(foreign, id, { limit: 1 }),
        () => redeliver(foreign, { endpointId: id, deliveryId: "msg_none" }),
      ];
      for (const attempt of attempts)
        await expect(attempt()).rejects.toMatchObject({ code: "webhook.unknown" });
      expect(await listEndpoints(foreign)).toEqual([]);
      expect(await listEndpoints(to)).toEqual([made]);
      for (const eventTypes of [[], ["batch.burned"], ["batch.minted", "endpoint.test"]]) {
        await expect(createEndpoint(to, { url: receiver.url, eventTypes })).rejects.toMatchObject({
          code: "webhook.event-types",
        });
      }
      await expect(
        createEndpoint(to, { url: "http://127.0.0.1:1/", eventTypes: null }),
      ).rejects.toMatchObject({
        code: "webhook.url-scheme",
      });
      await expect(updateEndpoint(to, id, { url: "https://10.0.0.1/" })).rejects.toMatchObject({
        code: "webhook.url-address",
      });
      const more = Array.from({ length: 21 }, () => endpoint(to, receiver));
      const outcomes = await Promise.allSettled(more);
      expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(19);
      for (const outcome of outcomes) {
        if (outcome.status === "rejected") expect(outcome.reason).toMatchObject({ code: "webhook.too-many" });
      }
    });

    it("may be deleted in the middle of a delivery", async () => {
      const receiver = await startReceiver(
        (response) => void setTimeout(() => response.writeHead(500).end(), 200),
      );
      started.push(receiver);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      await recordCommitted(to.db, to.tenant, "a");
      await fanOutNow(to);
      const delivering = deliverDue(to);
      await sleep(100);
      await deleteEndpoint(to, made.endpointId);
      expect(await delivering).toBe(1);
      expect(await listEndpoints(to)).toEqual([]);
    });

    it("keep the events that they wait for from being forgotten; done deliveries are forgotten by their age", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      for (const name of ["a", "b"]) await recordCommitted(to.db, to.tenant, name);
      const later = (to.clock.now() + DAY) as UnixSeconds;
      expect(await pruneEvents(to.db, to.tenant, later)).toBe(0);
      await fanOutNow(to);
      expect(await pruneEvents(to.db, to.tenant, later)).toBe(2);
      expect(await pruneDeliveries(to.db, to.tenant, later)).toBe(0);
      await deliverDue(to);
      expect(receiver.received).toHaveLength(2);
      expect(await pruneDeliveries(to.db, to.tenant, to.clock.now())).toBe(0);
      expect(await pruneDeliveries(to.db, to.tenant, later)).toBe(2);
      expect(await listDeliveries(to, made.endpointId, { limit: 9 })).toEqual([]);
    });
  });
});
