/** Rows of requests, uploads, keys and webhooks: whose they are, and which step follows which. */
import { describe, expect, it } from "vitest";
import type { Database } from "../../../src/adapters/storage/engine/database.ts";
import { recordEvent } from "../../../src/adapters/storage/events/recordEvent.ts";
import { pruneEvents } from "../../../src/adapters/storage/events/pruneEvents.ts";
import { findApiKey, revokeApiKey, saveApiKey } from "../../../src/adapters/storage/service/apiKeys.ts";
import {
  claimIdempotencyKey,
  keepAnswer,
  pruneIdempotencyKeys,
  releaseIdempotencyKey,
  releaseOrphanedKeys,
  renewIdempotencyKey,
} from "../../../src/adapters/storage/service/idempotencyKeys.ts";
import {
  findOperation,
  finishOperation,
  saveOperation,
  startOperation,
} from "../../../src/adapters/storage/service/operations.ts";
import {
  completeUpload,
  deleteUpload,
  findUpload,
  finishUpload,
  openUploads,
  saveUpload,
} from "../../../src/adapters/storage/service/uploads.ts";
import {
  findAttempt,
  insertDelivery,
  listDeliveries,
  pruneDeliveries,
  redeliver,
  type DeliveryAttempt,
} from "../../../src/adapters/storage/webhooks/deliveries.ts";
import {
  findEndpoint,
  insertEndpoint,
  updateEndpoint,
} from "../../../src/adapters/storage/webhooks/endpoints.ts";
import { replaceSecret, sealedSecrets } from "../../../src/adapters/storage/webhooks/endpointSecrets.ts";
import { endpointsBehind, fanOut } from "../../../src/adapters/storage/webhooks/fanOut.ts";
import type { BatchId, TenantId } from "../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash, MORNING } from "./support/samples.ts";

const at = (seconds: number): UnixSeconds => (MORNING + seconds) as UnixSeconds;
const attempt = (name: string): Uint8Array => hash(name).slice(0, 16);
const ANSWER = { status: 200, contentType: "text/plain", location: "/x", body: new Uint8Array([1]) };
const COMMITTED = { type: "batch.committed", data: { batchId: `0x${"12".repeat(32)}` as BatchId } } as const;
const none = (): Promise<void> => Promise.resolve();

describe("what the service keeps", () => {
  onEachEngine((bench) => {
    /** Two tenants that have the same names for everything. */
    const two = async (): Promise<[Database, TenantId, TenantId]> => [
      bench.db(),
      await bench.tenant(),
      await bench.tenant(),
    ];

    it("of a key to it: a revocation is its tenant's, and keeps its time", async () => {
      const [db, tenant, other] = await two();
      const apiKey = {
        tenant,
        keyId: `${tenant}-key`,
        secretHash: hash("secret"),
        label: "label",
        roles: ["read", "ingest"],
        createdAt: at(0),
        expiresAt: at(9),
        revokedAt: null,
      };
      await saveApiKey(db, apiKey);
      await saveApiKey(db, { ...apiKey, keyId: `${tenant}-second`, expiresAt: null });
      expect(await findApiKey(db, apiKey.keyId)).toEqual(apiKey);
      expect(await revokeApiKey(db, other, apiKey.keyId, at(1))).toBeNull();
      expect(await revokeApiKey(db, tenant, apiKey.keyId, at(2))).toEqual({ ...apiKey, revokedAt: at(2) });
      expect((await revokeApiKey(db, tenant, apiKey.keyId, at(3)))?.revokedAt).toBe(at(2));
      expect(await findApiKey(db, `${tenant}-second`)).toMatchObject({ revokedAt: null, expiresAt: null });
      expect(await findApiKey(db, "no such key")).toBeNull();
    });

    it("of a claim: only who holds it renews, answers or releases it", async () => {
      const [db, tenant, other] = await two();
      const claim = (whose: TenantId, idempotencyKey: string, by: string, seconds = 0) =>
        claimIdempotencyKey(db, whose, {
          idempotencyKey,
          requestHash: hash("request"),
          attempt: attempt(by),
          now: at(seconds),
          leaseSeconds: 10,
        });
      for (const [whose, key] of [
        [tenant, "k"],
        [tenant, "beside"],
        [other, "k"],
      ] as const)
        expect(await claim(whose, key, "first")).toEqual({ state: "ours" });
      // Neither another attempt nor an earlier time makes it younger.
      await renewIdempotencyKey(db, tenant, "k", attempt("second"), at(50));
      await renewIdempotencyKey(db, tenant, "k", attempt("first"), at(5));
      await renewIdempotencyKey(db, tenant, "k", attempt("first"), at(-5));
      expect(await claim(tenant, "k", "second", 15)).toEqual({ state: "running" });
      expect(await claim(tenant, "beside", "second", 11)).toEqual({ state: "ours" });
      expect(await claim(tenant, "k", "second", 16)).toEqual({ state: "ours" });
      await releaseIdempotencyKey(db, tenant, "k", attempt("first"));
      await keepAnswer(db, tenant, "k", attempt("first"), ANSWER);
      expect(await claim(tenant, "k", "third", 16)).toEqual({ state: "running" });
      await keepAnswer(db, tenant, "k", attempt("second"), ANSWER);
      // What was answered is neither renewed, released, nor taken over.
      await renewIdempotencyKey(db, tenant, "k", attempt("second"), at(9_000));
      await releaseIdempotencyKey(db, tenant, "k", attempt("second"));
      await releaseOrphanedKeys(db);
      expect(await claim(tenant, "k", "fourth", 9_999)).toEqual({ state: "answered", answer: ANSWER });
      for (const [whose, key] of [
        [tenant, "beside"],
        [other, "k"],
      ] as const)
        expect(await claim(whose, key, "fifth", 20)).toEqual({ state: "ours" });
      await releaseIdempotencyKey(db, tenant, "beside", attempt("fifth"));
      expect(await claim(tenant, "beside", "sixth", 20)).toEqual({ state: "ours" });
      expect(await claim(other, "k", "sixth", 20)).toEqual({ state: "running" });
      // The answered one was claimed anew at the sixteenth second.
      await pruneIdempotencyKeys(db, at(16));
      expect(await claim(tenant, "k", "seventh", 20)).toMatchObject({ state: "answered" });
      await pruneIdempotencyKeys(db, at(17));
      expect(await claim(tenant, "k", "eighth", 20)).toEqual({ state: "ours" });
    });

    it("of an operation: begun once, under way, and ended once, each its tenant's", async () => {
      const [db, tenant, other] = await two();
      const operation = { operationId: "op", kind: "retire", request: "{}", createdAt: at(0) };
      for (const whose of [tenant, other]) expect(await saveOperation(db, whose, operation)).toBe(true);
      expect(await saveOperation(db, tenant, { ...operation, operationId: "beside" })).toBe(true);
      expect(await saveOperation(db, tenant, { ...operation, request: "[]" })).toBe(false);
      await startOperation(db, tenant, "op");
      const stored = { ...operation, state: "running", result: null, problem: null, finishedAt: null };
      expect(await findOperation(db, tenant, "op")).toEqual(stored);
      for (const [whose, id] of [
        [tenant, "beside"],
        [other, "op"],
      ] as const)
        expect((await findOperation(db, whose, id))?.state).toBe("queued");
      await finishOperation(db, tenant, "op", { problem: "[1]" }, at(1));
      await finishOperation(db, tenant, "op", { result: "[2]" }, at(2));
      await startOperation(db, tenant, "op");
      expect(await findOperation(db, tenant, "op")).toEqual({
        ...stored,
        state: "failed",
        problem: "[1]",
        finishedAt: at(1),
      });
      await finishOperation(db, other, "op", { result: "[3]" }, at(3));
      expect(await findOperation(db, other, "op")).toMatchObject({ state: "done", result: "[3]" });
      expect((await findOperation(db, tenant, "beside"))?.state).toBe("queued");
      expect(await findOperation(db, tenant, "none")).toBeNull();
    });

    it("of an upload: received, queued, read, once each, and its signature no longer than that", async () => {
      const [db, tenant, other] = await two();
      const request = JSON.stringify({ profile: "p", signature: "s" });
      const save = (whose: TenantId, uploadId: string, size: number) =>
        saveUpload(db, whose, { uploadId, request, size, createdAt: at(0) });
      await save(tenant, "u", 5);
      await save(tenant, "beside", 70);
      await save(other, "u", 900);
      const open = (whose: TenantId) => db.transaction((tx) => openUploads(tx, whose));
      expect(await open(tenant)).toEqual({ receiving: 2, bytes: 75 });
      // What is not complete can't be read.
      await finishUpload(db, tenant, "u", { report: "{}" }, at(1));
      expect(await findUpload(db, tenant, "u")).toMatchObject({ state: "receiving", finishedAt: null });
      expect([
        await completeUpload(db, tenant, "u"),
        await completeUpload(db, tenant, "u"),
        await completeUpload(db, tenant, "none"),
      ]).toEqual([true, false, false]);
      expect(await open(tenant)).toEqual({ receiving: 1, bytes: 75 });
      await finishUpload(db, tenant, "u", { problem: "{}" }, at(2));
      await finishUpload(db, tenant, "u", { report: "{}" }, at(3));
      expect(await findUpload(db, tenant, "u")).toEqual({
        tenant,
        uploadId: "u",
        state: "failed",
        request: '{"profile": "p"}',
        size: 5,
        report: null,
        problem: "{}",
        createdAt: at(0),
        finishedAt: at(2),
      });
      expect(await open(tenant)).toEqual({ receiving: 1, bytes: 70 });
      expect(await findUpload(db, tenant, "beside")).toMatchObject({ state: "receiving", request });
      expect(await findUpload(db, other, "u")).toMatchObject({ state: "receiving", request });
      expect([await deleteUpload(db, tenant, "u"), await deleteUpload(db, tenant, "u")]).toEqual([
        true,
        false,
      ]);
      expect([await findUpload(db, tenant, "beside"), await findUpload(db, other, "u")]).not.toContain(null);
    });

    const endpointOf = async (db: Database, whose: TenantId, endpointId: string) => {
      const endpoint = {
        endpointId,
        url: "https://receiver.example/",
        eventTypes: null,
        sealedSecret: hash(`${whose} ${endpointId}`),
        createdAt: at(0),
      };
      await insertEndpoint(db, whose, endpoint, () => undefined);
    };
    const deliver = (db: Database, whose: TenantId, endpointId: string, deliveryId: string, seconds = 0) =>
      insertDelivery(
        db,
        whose,
        {
          deliveryId,
          endpointId,
          sequence: null,
          type: "test",
          body: `${whose} ${endpointId} ${deliveryId}`,
        },
        at(seconds),
        none,
      );

    it("of a webhook's secrets: the one before counts until its time is over", async () => {
      const [db, tenant, other] = await two();
      for (const [whose, id] of [
        [tenant, "e"],
        [tenant, "beside"],
        [other, "e"],
      ] as const)
        await endpointOf(db, whose, id);
      await replaceSecret(db, tenant, "e", { sealedSecret: hash("next"), previousUntil: at(10) });
      const first = hash(`${tenant} e`);
      expect(await sealedSecrets(db, tenant, "e", at(9))).toEqual([hash("next"), first]);
      expect(await sealedSecrets(db, tenant, "e", at(10))).toEqual([hash("next")]);
      expect(await sealedSecrets(db, tenant, "beside", at(9))).toEqual([hash(`${tenant} beside`)]);
      expect(await sealedSecrets(db, other, "e", at(9))).toEqual([hash(`${other} e`)]);
      expect(await sealedSecrets(db, tenant, "none", at(9))).toEqual([]);
      expect((await findEndpoint(db, tenant, "e")).previousSecretUntil).toBe(at(10));
      await expect(
        replaceSecret(db, tenant, "none", { sealedSecret: hash("x"), previousUntil: at(1) }),
      ).rejects.toMatchObject({ code: "webhook.unknown" });
    });

    it("of a delivery: an attempt is made once, where it is wanted", async () => {
      const [db, tenant, other] = await two();
      for (const [whose, id] of [
        [tenant, "e"],
        [tenant, "beside"],
        [other, "e"],
      ] as const) {
        await endpointOf(db, whose, id);
        await deliver(db, whose, id, "d");
      }
      await deliver(db, tenant, "e", "d2");
      const wanted: DeliveryAttempt = { tenant, endpointId: "e", deliveryId: "d", attempts: 0 };
      expect(await findAttempt(db, wanted)).toEqual({
        url: "https://receiver.example/",
        body: `${tenant} e d`,
      });
      for (const change of [{ attempts: 1 }, { deliveryId: "none" }, { endpointId: "none" }])
        expect(await findAttempt(db, { ...wanted, ...change })).toBeNull();
      await updateEndpoint(db, tenant, "e", { disabled: true }, at(1));
      expect(await findAttempt(db, wanted)).toBeNull();
      const states = async (whose: TenantId, id: string) =>
        (await listDeliveries(db, whose, id, { limit: 9 })).map(({ deliveryId, state }) => [
          deliveryId,
          state,
        ]);
      expect(await states(tenant, "e")).toEqual([
        ["d2", "cancelled"],
        ["d", "cancelled"],
      ]);
      expect([...(await states(tenant, "beside")), ...(await states(other, "e"))]).toEqual([
        ["d", "pending"],
        ["d", "pending"],
      ]);
      // Pending again, of an endpoint that is off: still not wanted.
      await redeliver(db, tenant, { endpointId: "e", deliveryId: "d" }, at(5), none, () => undefined);
      expect(await findAttempt(db, wanted)).toBeNull();
      expect(await listDeliveries(db, tenant, "e", { limit: 9, state: "pending" })).toMatchObject([
        { deliveryId: "d", nextAt: at(5) },
      ]);
      const [{ number } = { number: 0n }] = await listDeliveries(db, tenant, "e", {
        limit: 9,
        state: "cancelled",
      });
      expect(await listDeliveries(db, tenant, "e", { limit: 9, before: number })).toMatchObject([
        { deliveryId: "d" },
      ]);
      // Of what was made before a time only what is done with goes.
      expect(await pruneDeliveries(db, tenant, at(0))).toBe(0);
      expect(await pruneDeliveries(db, tenant, at(1))).toBe(1);
      expect(await states(tenant, "e")).toEqual([["d", "pending"]]);
      await expect(
        redeliver(db, tenant, { endpointId: "e", deliveryId: "d2" }, at(5), none, () => undefined),
      ).rejects.toMatchObject({ code: "webhook.delivery-unknown" });
    });

    it("of events: an endpoint is behind where one came since, and what it waits for stays", async () => {
      const [db, tenant, other] = await two();
      await recordEvent(db, tenant, { ...COMMITTED, occurredAt: at(0) });
      for (const [whose, id] of [
        [tenant, "e"],
        [tenant, "off"],
        [other, "e"],
      ] as const)
        await endpointOf(db, whose, id);
      const behind = async () =>
        (await endpointsBehind(db)).filter((one) => [tenant, other].includes(one.tenant));
      expect(await behind()).toEqual([]);
      await recordEvent(db, tenant, { ...COMMITTED, occurredAt: at(1) });
      await updateEndpoint(db, tenant, "off", { disabled: true }, at(1));
      expect(await behind()).toEqual([{ tenant, endpointId: "e" }]);
      // Both are old enough, and the second is waited for.
      expect(await pruneEvents(db, tenant, at(9))).toBe(1);
      const parts = {
        now: () => at(2),
        newDeliveryId: () => "d",
        bodyOf: () => "{}",
        schedule: none,
      };
      expect(await fanOut(db, tenant, "off", parts)).toBe(false);
      expect(await fanOut(db, tenant, "e", parts)).toBe(false);
      expect(await behind()).toEqual([]);
      expect(await fanOut(db, tenant, "e", parts)).toBe(false);
      expect(await listDeliveries(db, tenant, "e", { limit: 9 })).toMatchObject([{ sequence: 2n }]);
      expect(await listDeliveries(db, tenant, "off", { limit: 9 })).toEqual([]);
      expect(await pruneEvents(db, tenant, at(1))).toBe(0);
      expect(await pruneEvents(db, tenant, at(2))).toBe(1);
    });
  });
});
