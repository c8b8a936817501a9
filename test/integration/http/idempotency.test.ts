import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { answerOnce, type KeptAnswer } from "../../../src/app/service/answerOnce.ts";
import { pruneIdempotencyKeys } from "../../../src/adapters/storage/service/idempotencyKeys.ts";
import { withIdempotency } from "../../../src/doors/http/pipeline/idempotency.ts";
import { systemClock } from "../../../src/app/process/system.ts";
import { UnavailableError } from "../../../src/base/errors/errors.ts";
import { tenantId } from "../../../src/base/lib/ids.ts";
import type { UnixSeconds } from "../../../src/base/types/quantities.ts";
import { jsonIn, type Reply } from "./support/ask.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, written, type Called } from "./support/service.ts";
import { until } from "./support/until.ts";

let ahead = 0;
const clock = { now: () => (systemClock.now() + ahead) as UnixSeconds };
const FLIGHT = { milligrams: "1000", purpose: "event-neutrality", beneficiary: { name: "Somebody" } };

// Jobs stay queued, so that each operation is seen as it was entered.
describe("a request under an Idempotency-Key", () => {
  onEachService(
    (bench) => {
      let tenants = 0;
      const newTenant = async (): Promise<{ tenant: string; token: string }> => {
        const tenant = `once-${String(++tenants)}`;
        return { tenant, token: await bench.token(tenant, ROLES) };
      };
      const keyed = (key: string, called: Called): Called => ({
        ...called,
        headers: { ...called.headers, "idempotency-key": key },
      });
      const rows = (token: string, text: string, profile = "canonical-ndjson"): Called => ({
        token,
        query: { profile, provider: "city-metro" },
        body: text,
        headers: { "content-type": NDJSON },
      });
      const count = async (table: string, tenant: string): Promise<number> => {
        const [row] = await bench
          .context()
          .db.query<{ n: bigint }>(`SELECT count(*) AS n FROM ${table} WHERE tenant = $1`, [tenant]);
        return Number(row?.n);
      };
      const jobs = async (tenant: string): Promise<number> => {
        const [row] = await bench
          .context()
          .db.query<{ n: bigint }>("SELECT count(*) AS n FROM pgboss.job WHERE data ->> 'tenant' = $1", [
            tenant,
          ]);
        return Number(row?.n);
      };
      const claimed = (tenant: string, answered: boolean): Promise<boolean> =>
        until("the claim", async () => {
          const sql = `SELECT 1 FROM idempotency_keys WHERE tenant = $1 AND (status IS NOT NULL) = $2`;
          return (await bench.context().db.query(sql, [tenant, answered])).length > 0;
        });
      const expectReplay = (again: Reply, first: Reply): void => {
        expect(again.status).toBe(first.status);
        expect(again.bytes).toEqual(first.bytes);
        expect(again.headers["content-type"]).toBe(first.headers["content-type"]);
        expect(again.headers["location"]).toBe(first.headers["location"]);
        expect(first.headers["idempotency-replayed"]).toBeUndefined();
        expect(again.headers["idempotency-replayed"]).toBe("true");
      };

      it("gets the same bytes again, and does nothing twice", async () => {
        const { tenant, token } = await newTenant();
        const calls: [string, Called][] = [
          ["postActivities", rows(token, ndjson(3, tenant))],
          ["closeBatch", { token, json: { region: "WUHAN", vintage: 2025 } }],
          ["retire", { token, json: FLIGHT }],
        ];
        for (const [operationId, called] of calls) {
          const first = await bench.call(operationId, keyed(operationId, called));
          expect(first.status).toBeLessThan(300);
          if (first.status === 202) {
            const { operationId: begun } = jsonIn(first) as { operationId: string };
            expect(first.headers["location"]).toBe(`/v1/operations/${begun}`);
          }
          expectReplay(await bench.call(operationId, keyed(operationId, called)), first);
        }
        expect(await count("operations", tenant)).toBe(2);
        expect(await jobs(tenant)).toBe(2);
        expect(await count("ingests", tenant)).toBe(1);
        // Without a key the same request is a new one.
        await bench.json("retire", 202, { token, json: FLIGHT });
        expect(await count("operations", tenant)).toBe(3);
      });

      it("is refused where it differs in body, query, type or route", async () => {
        const { tenant, token } = await newTenant();
        const first = rows(token, ndjson(1, tenant));
        await bench.json("postActivities", 200, keyed("k", first));
        const others: [string, Called][] = [
          ["postActivities", rows(token, ndjson(2, tenant))],
          ["postActivities", { ...first, query: { ...first.query, name: "other" } }],
          ["postActivities", { ...first, headers: { "content-type": "application/json" } }],
          ["closeBatch", { token, json: { region: "WUHAN", vintage: 2025 } }],
        ];
        for (const [operationId, called] of others) {
          const problem = expectProblem(await bench.call(operationId, keyed("k", called)));
          expect(problem).toMatchObject({ status: 422, code: "idempotency.other-request" });
        }
        expect(await count("ingests", tenant)).toBe(1);
        expect(await count("operations", tenant)).toBe(0);
      });

      it("runs once, however many of it are in flight at once", async () => {
        const { tenant, token } = await newTenant();
        const called = keyed("k", rows(token, ndjson(2_000, tenant)));
        const replies = await Promise.all(
          Array.from({ length: 4 }, () => bench.call("postActivities", called)),
        );
        const first = replies.filter(
          ({ status, headers }) => status === 200 && headers["idempotency-replayed"] === undefined,
        );
        expect(first).toHaveLength(1);
        for (const reply of replies.filter((one) => one !== first[0])) {
          if (reply.status === 200) expectReplay(reply, first[0] as Reply);
          else {
            expect(expectProblem(reply)).toMatchObject({ status: 409, code: "idempotency.running" });
            expect(reply.headers["retry-after"]).toBe("1");
          }
        }
        expectReplay(await bench.call("postActivities", called), first[0] as Reply);
        expect(await count("ingests", tenant)).toBe(1);
      });

      it("whose reply was cut off is answered as if nothing had happened", async () => {
        const { tenant, token } = await newTenant();
        const body = ndjson(3_000, tenant);
        const called = keyed("cut", rows(token, body));
        const { path, headers } = written("postActivities", called);
        const { hostname, port } = new URL(bench.url());
        const socket = connect(Number(port), hostname);
        const head = Object.entries({
          host: "localhost",
          "content-length": String(Buffer.byteLength(body)),
          ...headers,
        });
        const text =
          `POST ${path} ` +
          `HTTP/1.1\r\n${head.map(([name, value]) => `${name}: ${value}\r\n`).join("")}\r\n${body}`;
        await new Promise((sent) => socket.write(text, sent));
        // What has not begun when its client leaves is left undone; what has begun goes to its end.
        await until("the first rows", async () => (await count("ingests", tenant)) === 1);
        socket.destroy();
        await claimed(tenant, true);
        const again = await bench.call("postActivities", called);
        expect(again.headers["idempotency-replayed"]).toBe("true");
        expect(jsonIn(again)).toMatchObject({ read: 3_000, accepted: 3_000, duplicates: 0 });
        expect(await count("reductions", tenant)).toBe(3_000);
        expect(await count("ingests", tenant)).toBe(1);
      });

      it("keeps a refusal like any other answer", async () => {
        const { tenant, token } = await newTenant();
        const unknown = keyed("k", rows(token, ndjson(1, tenant), "no-such-profile"));
        const first = await bench.call("postActivities", unknown);
        expect(expectProblem(first)).toMatchObject({ status: 404, code: "profile.unknown" });
        expectReplay(await bench.call("postActivities", unknown), first);
        const mint = keyed("m", { token, params: { batch: "0xabc" }, json: {} });
        const refused = await bench.call("mintBatch", mint);
        expect(refused.status).toBe(404);
        expectReplay(await bench.call("mintBatch", mint), refused);
      });

      it("keeps nothing where its schema refuses it: the key is free for the right request", async () => {
        const { token } = await newTenant();
        const wrong = await bench.call(
          "closeBatch",
          keyed("k", { token, json: { region: "wuhan", vintage: 2025 } }),
        );
        expect(expectProblem(wrong).code).toBe("request.schema");
        await bench.json("closeBatch", 202, keyed("k", { token, json: { region: "WUHAN", vintage: 2025 } }));
      });

      it.each([500, 503, 409, 429])("keeps nothing of an answer %i, nor of what throws", async (status) => {
        const context = await bench.context().forTenant(bench.context().tenant);
        const claim = { key: `status-${String(status)}`, requestHash: new Uint8Array(32).fill(status % 256) };
        const answer = (one: number): KeptAnswer => ({
          status: one,
          contentType: "text/plain",
          location: null,
          body: Buffer.from(String(one)),
        });
        await answerOnce(context, claim, () => Promise.resolve(answer(status)));
        await expect(answerOnce(context, claim, () => Promise.reject(new Error("broke")))).rejects.toThrow(
          "broke",
        );
        expect(await answerOnce(context, claim, () => Promise.resolve(answer(200)))).toMatchObject({
          state: "ours",
          answer: { status: 200 },
        });
        expect(await answerOnce(context, claim, () => Promise.resolve(answer(201)))).toMatchObject({
          state: "answered",
          answer: { status: 200 },
        });
      });

      it("is free at once when the database is back that went while it ran", async () => {
        const context = await bench.context().forTenant(bench.context().tenant);
        const { db } = context;
        let isAway = false;
        const breaking = new Proxy(db, {
          get(target, name) {
            if (isAway && name === "query")
              return () => Promise.reject(new UnavailableError("storage.unavailable", "It is away."));
            const value: unknown = Reflect.get(target, name);
            return typeof value === "function" ? (value.bind(target) as unknown) : value;
          },
        });
        const on = { ...context, db: breaking };
        const claim = (key: string) => ({ key, requestHash: new Uint8Array(32) });
        const answer = { status: 200, contentType: "text/plain", location: null, body: Buffer.from("x") };
        const running = answerOnce(on, claim("cut"), () => {
          isAway = true;
          return Promise.resolve(answer);
        });
        await expect(running).rejects.toMatchObject({ code: "storage.unavailable" });
        await expect(answerOnce(on, claim("cut"), () => Promise.resolve(answer))).rejects.toMatchObject({
          code: "storage.unavailable",
        });
        isAway = false;
        const again = await answerOnce(on, claim("cut"), () => Promise.resolve(answer));
        expect(again).toMatchObject({ state: "ours" });
        // Also for another process, which has no claims of this one to release.
        const refused = answerOnce(on, claim("cut-other"), () => {
          isAway = true;
          return Promise.resolve({ ...answer, status: 503 });
        });
        await expect(refused).resolves.toMatchObject({ answer: { status: 503 } });
        isAway = false;
        await until("the release", async () => {
          const sql = "SELECT 1 FROM idempotency_keys WHERE key = 'cut-other'";
          return (await db.query(sql)).length === 0;
        });
      });

      it("meets no request of another tenant under the same key", async () => {
        const [one, other] = [await newTenant(), await newTenant()];
        const first = await bench.json<{ operationId: string }>(
          "retire",
          202,
          keyed("same", { token: one.token, json: FLIGHT }),
        );
        const second = await bench.call(
          "retire",
          keyed("same", { token: other.token, json: { ...FLIGHT, milligrams: "7" } }),
        );
        expect(second.status).toBe(202);
        expect(second.headers["idempotency-replayed"]).toBeUndefined();
        expect((jsonIn(second) as { operationId: string }).operationId).not.toBe(first.operationId);
        expect(await count("operations", one.tenant)).toBe(1);
        expect(await count("operations", other.tenant)).toBe(1);
      });

      it("is taken over from an owner silent for half a minute, whose late answer is ignored", async () => {
        const { tenant, token } = await newTenant();
        const text = ndjson(2, tenant);
        const called = keyed("lease", rows(token, text));
        const owner = Promise.withResolvers<KeptAnswer>();
        const request = {
          method: "POST",
          url: written("postActivities", called).path,
          bytes: new Uint8Array(Buffer.from(text)),
          headers: [NDJSON, ""],
        };
        const context = await bench.context().forTenant(tenantId(tenant));
        const silent = withIdempotency(context, "lease", request, () => owner.promise);
        await claimed(tenant, false);
        expect(expectProblem(await bench.call("postActivities", called)).code).toBe("idempotency.running");
        try {
          ahead += 29;
          expect(expectProblem(await bench.call("postActivities", called)).code).toBe("idempotency.running");
          ahead += 3;
          const taken = await bench.call("postActivities", called);
          expect(jsonIn(taken)).toMatchObject({ accepted: 2 });
          owner.resolve({
            status: 200,
            contentType: "text/plain",
            location: null,
            body: Buffer.from("late"),
          });
          await silent;
          expectReplay(await bench.call("postActivities", called), taken);
        } finally {
          ahead = 0;
        }
      });

      it("never gets another request's operation, even for a key forgotten after a week", async () => {
        const { tenant, token } = await newTenant();
        const first = await bench.json<{ operationId: string }>(
          "closeBatch",
          202,
          keyed("old", { token, json: { region: "WUHAN", vintage: 2024 } }),
        );
        await pruneIdempotencyKeys(bench.context().db, (systemClock.now() + 10) as UnixSeconds);
        expect(await count("idempotency_keys", tenant)).toBe(0);
        const other = await bench.call(
          "closeBatch",
          keyed("old", { token, json: { region: "WUHAN", vintage: 2025 } }),
        );
        expect(expectProblem(other)).toMatchObject({ status: 422, code: "operation.other-terms" });
        const same = await bench.json<{ operationId: string }>(
          "closeBatch",
          202,
          keyed("new", { token, json: { region: "WUHAN", vintage: 2025 } }),
        );
        expect(same.operationId).not.toBe(first.operationId);
      });

      it.each([" ", "a b", "x".repeat(256), "\u00e4", ""])(
        "needs a key that is one: %j is none",
        async (key) => {
          const { token } = await newTenant();
          const reply = await bench.call("retire", keyed(key, { token, json: FLIGHT }));
          expect(expectProblem(reply)).toMatchObject({ status: 400, code: "idempotency.key" });
        },
      );
    },
    { jobs: false, clock },
  );
});
