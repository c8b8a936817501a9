import { describe, expect, it } from "vitest";
import { claimIdempotencyKey, keepAnswer } from "../../../src/adapters/storage/service/idempotencyKeys.ts";
import {
  findOperation,
  finishOperation,
  saveOperation,
} from "../../../src/adapters/storage/service/operations.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { onEachEngine } from "./support/onEachEngine.ts";
import { hash, MORNING } from "./support/samples.ts";

const at = (seconds: number): UnixSeconds => (MORNING + seconds) as UnixSeconds;
const LEASE = 100;

describe("what a service keeps of requests", () => {
  onEachEngine((bench) => {
    it("a claim that was cut off is taken over by the same request alone", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const claim = async (request: string, attempt: string, seconds: number) =>
        claimIdempotencyKey(db, tenant, {
          idempotencyKey: "key",
          requestHash: hash(request),
          attempt: hash(attempt).slice(0, 16),
          now: at(seconds),
          leaseSeconds: LEASE,
        });
      expect(await claim("one", "first", 0)).toEqual({ state: "ours" });
      expect(await claim("one", "second", LEASE)).toEqual({ state: "running" });
      expect(await claim("other", "third", LEASE + 1)).toEqual({ state: "other-request" });
      // Which left the claim as it was: still cut off, and to be had.
      expect(await claim("one", "fourth", LEASE + 1)).toEqual({ state: "ours" });
      const answer = {
        status: 200,
        contentType: "application/json",
        location: null,
        body: new Uint8Array([1]),
      };
      await keepAnswer(db, tenant, "key", hash("first").slice(0, 16), answer);
      expect(await claim("one", "fifth", LEASE + 2)).toEqual({ state: "running" });
      await keepAnswer(db, tenant, "key", hash("fourth").slice(0, 16), answer);
      expect(await claim("one", "sixth", 10 * LEASE)).toEqual({ state: "answered", answer });
    });

    it("an operation ends once", async () => {
      const [db, tenant] = [bench.db(), await bench.tenant()];
      const operation = { operationId: "op", kind: "close" as never, request: "{}", createdAt: at(0) };
      expect(await saveOperation(db, tenant, operation)).toBe(true);
      await finishOperation(db, tenant, "op", { result: "1" }, at(1));
      await finishOperation(db, tenant, "op", { problem: "2" }, at(2));
      expect(await findOperation(db, tenant, "op")).toMatchObject({
        state: "done",
        result: "1",
        problem: null,
        finishedAt: at(1),
      });
    });
  });
});
