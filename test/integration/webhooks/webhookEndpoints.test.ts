import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { pruneEvents } from "../../../src/adapters/storage/events/pruneEvents.ts";
import { pruneDeliveries } from "../../../src/adapters/storage/webhooks/deliveries.ts";
import { createEndpoint } from "../../../src/app/webhooks/createEndpoint.ts";
import { listDeliveries, redeliver } from "../../../src/app/webhooks/deliveries.ts";
import {
  deleteEndpoint,
  findEndpoint,
  listEndpoints,
} from "../../../src/adapters/storage/webhooks/endpoints.ts";
import { rotateSecret } from "../../../src/app/webhooks/rotateSecret.ts";
import { sendTestEvent } from "../../../src/app/webhooks/sendTestEvent.ts";
import { updateEndpoint } from "../../../src/app/webhooks/updateEndpoint.ts";
import { SECONDS_PER_DAY } from "../../../src/base/lib/time/units.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { hash } from "../storage/support/samples.ts";
import { signatureOf, startReceiver, verified, type Received } from "./support/receiver.ts";
import { deliverDue, fanOutNow, recordCommitted, type TestContext } from "./support/webhookBench.ts";
import { onEachWebhookEngine } from "./support/onEachWebhookEngine.ts";

describe("webhook endpoints", () => {
  onEachWebhookEngine(({ bench, answering, closeAfterTest, context, endpoint }) => {
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
        expect(JSON.stringify(await listEndpoints(to.db, to.tenant))).not.toContain(each.slice(6));
      }
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
      expect((await findEndpoint(to.db, to.tenant, made.endpointId)).previousSecretUntil).toBe(previousUntil);
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
      for (const wrong of [-1, 1.5, 8 * SECONDS_PER_DAY]) {
        await expect(rotateSecret(to, made.endpointId, wrong)).rejects.toMatchObject({
          code: "webhook.overlap",
        });
      }
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
        () => findEndpoint(foreign.db, foreign.tenant, id),
        () => deleteEndpoint(foreign.db, foreign.tenant, id),
        () => updateEndpoint(foreign, id, { disabled: true }),
        () => rotateSecret(foreign, id),
        () => sendTestEvent(foreign, id),
        () => listDeliveries(foreign, id, { limit: 1 }),
        () => redeliver(foreign, { endpointId: id, deliveryId: "msg_none" }),
      ];
      for (const attempt of attempts)
        await expect(attempt()).rejects.toMatchObject({ code: "webhook.unknown" });
      expect(await listEndpoints(foreign.db, foreign.tenant)).toEqual([]);
      expect(await listEndpoints(to.db, to.tenant)).toEqual([made]);
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
      closeAfterTest(receiver);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      await recordCommitted(to.db, to.tenant, "a");
      await fanOutNow(to);
      const delivering = deliverDue(to);
      await sleep(100);
      await deleteEndpoint(to.db, to.tenant, made.endpointId);
      expect(await delivering).toBe(1);
      expect(await listEndpoints(to.db, to.tenant)).toEqual([]);
    });

    it("keep events that they wait for from being deleted; done deliveries go by age", async () => {
      const receiver = await answering(204);
      const to = await context(receiver);
      const { endpoint: made } = await endpoint(to, receiver);
      for (const name of ["a", "b"]) await recordCommitted(to.db, to.tenant, name);
      const later = (to.clock.now() + SECONDS_PER_DAY) as UnixSeconds;
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
