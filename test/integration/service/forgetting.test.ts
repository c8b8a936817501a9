/** What a service forgets, and what it keeps, to the second. */
import { mkdirSync, utimesSync, writeFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { recordEvent } from "../../../src/adapters/storage/events/recordEvent.ts";
import { saveUpload } from "../../../src/adapters/storage/service/uploads.ts";
import { insertDelivery } from "../../../src/adapters/storage/webhooks/deliveries.ts";
import { insertEndpoint } from "../../../src/adapters/storage/webhooks/endpoints.ts";
import type { Context } from "../../../src/app/context.ts";
import { answerOnce, type KeptAnswer } from "../../../src/app/service/answerOnce.ts";
import { pruneExpired } from "../../../src/app/service/pruneExpired.ts";
import { removeAbandoned } from "../../../src/app/service/removeAbandoned.ts";
import { uploadFolder } from "../../../src/app/service/uploads.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import type { BatchId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { newPlace, type Place } from "../../e2e/support/newPlace.ts";

const DAY = 86_400;
const HOUR_MILLISECONDS = 3_600_000;
let now = 1_750_000_000;
const clock = { now: () => now as UnixSeconds };

describe("a service", () => {
  let place: Place;
  let root: Context;
  beforeAll(async () => {
    place = await newPlace(null);
    root = await place.open(clock);
  });
  afterAll(async () => {
    await root.close();
    await place.remove();
  });
  beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] }));
  afterEach(() => void vi.useRealTimers());

  const left = async (sql: string): Promise<unknown[]> =>
    (await root.db.query<{ name: string }>(sql, [])).map(({ name }) => name);

  it("forgets answers after a week, deliveries after a month, events after ninety days, hourly", async () => {
    const { db } = root;
    const { tenant } = await root.forTenant(tenantId("forgetful"));
    const ages = [
      ["older", 1],
      ["as old", 0],
      ["younger", -1],
    ] as const;
    for (const [name, more] of ages) {
      await db.query(
        `INSERT INTO idempotency_keys (tenant, key, request_hash, attempt, started_at)
         VALUES ($1, $2, $3, $4, $5)`,
        [tenant, name, new Uint8Array(32), new Uint8Array(16), now - 7 * DAY - more],
      );
      await recordEvent(db, tenant, {
        type: "batch.committed",
        data: { batchId: `0x${"12".repeat(32)}` as BatchId },
        occurredAt: (now - 90 * DAY - more) as UnixSeconds,
      });
    }
    const endpoint = {
      endpointId: "e",
      url: "https://receiver.example/",
      eventTypes: null,
      sealedSecret: new Uint8Array(1),
      createdAt: clock.now(),
    };
    await insertEndpoint(db, tenant, endpoint, () => undefined);
    for (const [name, more] of [...ages, ["pending", 99] as const])
      await insertDelivery(
        db,
        tenant,
        { deliveryId: name, endpointId: "e", sequence: null, type: "test", body: "{}" },
        (now - 30 * DAY - more) as UnixSeconds,
        () => Promise.resolve(),
      );
    await db.query(
      "UPDATE webhook_deliveries SET state = 'delivered', next_at = NULL WHERE delivery_id <> 'pending'",
    );

    const stop = pruneExpired(root);
    const keys = () => left("SELECT key AS name FROM idempotency_keys ORDER BY started_at");
    await vi.advanceTimersByTimeAsync(HOUR_MILLISECONDS - 1);
    expect(await keys()).toHaveLength(3);
    await vi.advanceTimersByTimeAsync(1);
    const deliveries = () =>
      left("SELECT delivery_id AS name FROM webhook_deliveries ORDER BY created_at, number");
    await vi.waitFor(
      async () => expect(await deliveries()).toEqual(["pending", "as old", "younger"]),
      20_000,
    );
    expect(await keys()).toEqual(["as old", "younger"]);
    expect(await left("SELECT sequence::integer AS name FROM events ORDER BY sequence")).toEqual([2, 3]);
    stop();
    now += DAY;
    await vi.advanceTimersByTimeAsync(2 * HOUR_MILLISECONDS);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await keys()).toHaveLength(2);
  });

  it("says in its log where it could not forget", async () => {
    const warned: unknown[] = [];
    const log = { warn: (...told: unknown[]) => warned.push(told) } as unknown as Context["log"];
    const fault = new Error("away");
    const db = { query: () => Promise.reject(fault) } as unknown as Context["db"];
    const stop = pruneExpired({ ...root, db, log });
    await vi.advanceTimersByTimeAsync(HOUR_MILLISECONDS);
    expect(warned).toEqual([[{ err: fault }, "old rows were not forgotten"]]);
    stop();
  });

  it("removes an upload a day after its last byte, begun or sent, and no sooner", async () => {
    const { tenant } = await root.forTenant(tenantId("sending"));
    mkdirSync(uploadFolder(root), { recursive: true });
    const uploads = [
      // Name, seconds since it was begun, and since the last byte; null: no byte came.
      ["begun", DAY + 1, null],
      ["begun-now", DAY, null],
      ["sent", 9 * DAY, DAY + 1],
      ["sent-now", 9 * DAY, DAY],
    ] as const;
    for (const [uploadId, begun, sent] of uploads) {
      await saveUpload(root.db, tenant, {
        uploadId,
        request: "{}",
        size: 9,
        createdAt: (now - begun) as UnixSeconds,
      });
      if (sent === null) continue;
      const file = join(uploadFolder(root), uploadId);
      writeFileSync(file, "x");
      utimesSync(file, now - sent, now - sent);
    }
    expect(await removeAbandoned(root)).toBe(2);
    expect(await left("SELECT upload_id AS name FROM uploads ORDER BY 1")).toEqual(["begun-now", "sent-now"]);
    expect(existsSync(join(uploadFolder(root), "sent"))).toBe(false);
    expect(existsSync(join(uploadFolder(root), "sent-now"))).toBe(true);
    expect(await removeAbandoned(root)).toBe(0);
  });

  it("keeps a claim young for as long as its work goes on, every five seconds", async () => {
    const context = await root.forTenant(tenantId("working"));
    const request = { key: "k", requestHash: new Uint8Array(32) };
    const { promise, resolve } = Promise.withResolvers<KeptAnswer>();
    const done = answerOnce(context, request, () => promise);
    const since = async () =>
      (
        await root.db.query<{ at: bigint }>("SELECT started_at AS at FROM idempotency_keys WHERE key = 'k'")
      )[0]?.at;
    const begun = BigInt(now);
    // Not by vi.waitFor, which moves the clock that is counted here.
    while ((await since()) !== begun) await sleep(1);
    now += 4;
    await vi.advanceTimersByTimeAsync(4_999);
    expect(await since()).toBe(begun);
    await vi.advanceTimersByTimeAsync(1);
    await vi.waitFor(async () => expect(await since()).toBe(begun + 4n), 20_000);
    expect(await answerOnce(context, request, () => promise)).toEqual({ state: "running" });
    const answer = { status: 200, contentType: "text/plain", location: "/x", body: Buffer.from("done") };
    resolve(answer);
    expect(await done).toEqual({ state: "ours", answer });
    now += 9;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(await since()).toBe(begun + 4n);
    const again = await answerOnce(context, request, () => promise);
    expect(again).toMatchObject({ state: "answered", answer: { status: 200, location: "/x" } });
    expect(vi.getTimerCount()).toBe(0);
  });

  it("is free for another try where the work threw, and takes over after half a minute", async () => {
    const context = await root.forTenant(tenantId("taking-over"));
    const request = { key: "t", requestHash: new Uint8Array(32) };
    const answer = { status: 200, contentType: "text/plain", location: null, body: Buffer.from("") };
    const never = new Promise<KeptAnswer>(() => undefined);
    void answerOnce(context, request, () => never);
    const begun = now;
    await vi.waitFor(
      async () =>
        expect(await left("SELECT key AS name FROM idempotency_keys WHERE key = 't'")).toEqual(["t"]),
      20_000,
    );
    now = begun + 30;
    expect(await answerOnce(context, request, () => Promise.resolve(answer))).toEqual({ state: "running" });
    now = begun + 31;
    expect(
      await answerOnce(context, { ...request, requestHash: new Uint8Array(32).fill(1) }, () => never),
    ).toEqual({ state: "other-request" });
    expect(await answerOnce(context, request, () => Promise.resolve(answer))).toMatchObject({
      state: "ours",
    });
  });
});
