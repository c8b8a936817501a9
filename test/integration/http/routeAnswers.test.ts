/** What routes that need no chain take and answer, each from its first call to the last. */
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { publicKeyOf } from "../../../src/format/ed25519.ts";
import { shippedProfileText } from "../../../src/stages/ingest/profile/shippedProfiles.ts";
import { ask } from "./support/ask.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, type Called } from "./support/service.ts";

const YAML = { "content-type": "application/yaml" };
const OWN = shippedProfileText("canonical-csv").replace("name: canonical-csv", "name: own-rides");
const RIDES =
  "recordId,subject,scenario,startedAt,endedAt,quantity,unit\n" +
  "r1,,metro,2025-06-18T08:00:00+08:00,,5,passenger-km\n";
const keyOf = (seed: number) => toHex(publicKeyOf(new Uint8Array(32).fill(seed)));

describe("the service's routes", () => {
  onEachService(
    (bench) => {
      const problemOf = async (operationId: string, called: Called) => {
        const { status, code, detail } = expectProblem(await bench.call(operationId, called));
        return { status, code, detail };
      };

      it("of API keys make one that ends on a whole second, show it without token, end it", async () => {
        const token = await bench.token("keys", ROLES);
        const reply = await bench.call("createApiKey", {
          token,
          json: { label: "door", roles: ["read"], expiresAt: "2099-01-01T00:00:00.900Z" },
        });
        expect([reply.status, reply.headers["cache-control"]]).toEqual([201, "no-store"]);
        const made = JSON.parse(reply.bytes.toString("utf8")) as { token: string; keyId: string };
        expect(made).toMatchObject({ label: "door", roles: ["read"], expiresAt: "2099-01-01T00:00:00Z" });
        const endless = await bench.json("createApiKey", 201, {
          token,
          json: { label: "x", roles: ["read"] },
        });
        expect(endless).toMatchObject({ expiresAt: null });
        const { keys } = await bench.json<{ keys: { keyId: string }[] }>("listApiKeys", 200, { token });
        expect(keys.find(({ keyId }) => keyId === made.keyId)).toMatchObject({
          label: "door",
          revokedAt: null,
        });
        expect(JSON.stringify(keys)).not.toContain(made.token);
        expect((await bench.call("listBatches", { token: made.token })).status).toBe(200);
        const params = { key: made.keyId };
        const revoked = await bench.json("revokeApiKey", 200, { token, params });
        expect(revoked).toMatchObject({ keyId: made.keyId, revokedAt: expect.any(String) as unknown });
        expect((await bench.call("listBatches", { token: made.token })).status, "at once").toBe(401);
      });

      it("of profiles put one, list it, check rows by it, propose another, and delete it", async () => {
        const token = await bench.token("mapping", ROLES);
        const params = { name: "own-rides" };
        const put = await bench.json("putProfile", 200, { token, params, body: OWN, headers: YAML });
        expect(put).toMatchObject({ name: "own-rides", own: true, text: OWN });
        expect(await bench.json("getProfile", 200, { token, params })).toEqual(put);
        const { profiles } = await bench.json<{ profiles: { name: string; own: boolean }[] }>(
          "listProfiles",
          200,
          {
            token,
          },
        );
        expect(profiles.filter(({ own }) => own).map(({ name }) => name)).toEqual(["own-rides"]);
        const check = (query: Called["query"] = {}) =>
          bench.json<{ rows: unknown[]; counts: unknown }>("checkProfile", 200, {
            token,
            params,
            query,
            body: `${RIDES}${"x\n".repeat(11)}`,
            headers: { "content-type": "text/csv" },
          });
        const ten = await check();
        expect(ten.rows).toHaveLength(10);
        expect(ten.counts).toMatchObject({ read: 12, acts: 1 });
        expect((await check({ rows: "2" })).rows).toHaveLength(2);
        const proposed = await bench.json<{ name: string; profile: string }>("proposeProfile", 200, {
          token,
          query: { fileName: "City Trips.csv", provider: "city", region: "YICHANG", zone: "Asia/Shanghai" },
          body: "trip,began,km\n1,2025-06-18 08:00:00,5\n2,2025-06-19 09:00:00,6\n",
          headers: { "content-type": "text/csv" },
        });
        expect(proposed.name).toBe("city-trips");
        for (const part of ["city", "YICHANG", "Asia/Shanghai"]) expect(proposed.profile).toContain(part);
        const named = await bench.json("proposeProfile", 200, {
          token,
          query: { name: "named" },
          body: RIDES,
          headers: { "content-type": "text/csv" },
        });
        expect(named).toMatchObject({ name: "named" });
        const gone = await bench.call("deleteProfile", { token, params });
        expect([gone.status, gone.bytes.length]).toEqual([204, 0]);
        expect(await problemOf("getProfile", { token, params })).toMatchObject({ code: "profile.unknown" });
      });

      it("of lookup files put one, list it and delete it", async () => {
        const token = await bench.token("looking", ROLES);
        const params = { name: "stops.csv" };
        const headers = { "content-type": "text/csv" };
        const put = await bench.json("putLookupFile", 200, { token, params, body: "stop\na\n", headers });
        expect(put).toEqual({ name: "stops.csv", bytes: 7 });
        expect(await bench.json("listLookupFiles", 200, { token })).toEqual({ lookups: [put] });
        expect((await bench.call("deleteLookupFile", { token, params })).status).toBe(204);
        expect(await bench.json("listLookupFiles", 200, { token })).toEqual({ lookups: [] });
      });

      it("of provider's keys add them with whole seconds, list and revoke them", async () => {
        const token = await bench.token("signing", ROLES);
        const add = (provider: string, publicKey: string, more: object = {}) =>
          bench.json<{ keyId: string }>("addProviderKey", 201, {
            token,
            params: { provider },
            json: { publicKey, ...more },
          });
        const first = await add("metro", keyOf(1), {
          validFrom: "2026-01-01T00:00:00.999Z",
          validTo: "2099-01-01T00:00:00Z",
          required: false,
        });
        expect(first).toMatchObject({
          validFrom: "2026-01-01T00:00:00Z",
          validTo: "2099-01-01T00:00:00Z",
          required: false,
        });
        const second = await add("bus", keyOf(2));
        expect(second).toMatchObject({ required: true, validTo: null });
        expect(await bench.json("listProviderKeys", 200, { token })).toEqual({ keys: [second, first] });
        expect(await bench.json("listProviderKeys", 200, { token, query: { provider: "metro" } })).toEqual({
          keys: [first],
        });
        const revoked = await bench.json("revokeProviderKey", 200, {
          token,
          params: { provider: "metro", key: first.keyId },
          json: { reason: "compromised", at: "2026-02-01T00:00:00Z" },
        });
        expect(revoked).toMatchObject({
          key: { reason: "compromised", revokedAt: "2026-02-01T00:00:00Z" },
          open: 0,
          elsewhere: 0,
          batches: [],
        });
      });

      it("of methodologies list them without what may be long, and show one whole", async () => {
        const token = await bench.token("rules", ROLES);
        type Listed = { methodologies: Record<string, unknown>[] };
        const { methodologies } = await bench.json<Listed>("listMethodologies", 200, { token });
        const saving = methodologies.find(({ code }) => code === "TEST-SEOUL-SAVING");
        expect(saving).toMatchObject({ state: "shipped", region: "SEOUL" });
        for (const one of methodologies)
          for (const long of ["rule", "predicates", "deductions", "documents"])
            expect(one).not.toHaveProperty(long);
        const params = { methodology: "TEST-SEOUL-SAVING" };
        const whole = await bench.json("getMethodology", 200, { token, params });
        expect(whole).toMatchObject({ ...saving, rule: { kind: "saving" } });
      });

      it("of records take a name for the rows, and refuse a signature that is no base64", async () => {
        const token = await bench.token("rows", ROLES);
        const query = { profile: "canonical-ndjson", provider: "city-metro" };
        const send = (headers: Readonly<Record<string, string>>): Called => ({
          token,
          query,
          body: ndjson(1, "answer"),
          headers: { "content-type": NDJSON, ...headers },
        });
        for (const text of ["{}", "ab cd", "abc===", "=", "x_y"])
          expect(await problemOf("postActivities", send({ "microtonne-signature": text }))).toEqual({
            status: 400,
            code: "request.signature",
            detail: "Microtonne-Signature is the provider's .sig.json, as base64.",
          });
        const sidecar = Buffer.from("{}").toString("base64");
        expect(await problemOf("postActivities", send({ "microtonne-signature": sidecar }))).toMatchObject({
          code: "file-signature.malformed",
        });
        const { rows } = await bench.json<{ rows: unknown[] }>("postActivities", 200, send({}));
        expect(rows).toEqual([{ row: 1, outcome: "accepted", recordId: "answer-0", milligrams: "980000" }]);
        const params = { provider: "city-metro", recordId: "answer-0" };
        expect(await bench.json("getRecord", 200, { token, params })).toMatchObject({
          provider: "city-metro",
          recordId: "answer-0",
          disposition: "open",
          milligrams: "980000",
          batchId: null,
        });
      });

      it("of events answer a page, or a stream behind a number that there is", async () => {
        const token = await bench.token("events", ROLES);
        expect(await bench.json("listEvents", 200, { token })).toMatchObject({ events: [], last: "0" });
        const stream = (headers: Readonly<Record<string, string>>, query: Called["query"] = {}) => ({
          token,
          query,
          headers: { accept: "text/event-stream", ...headers },
        });
        expect(await problemOf("listEvents", stream({ "last-event-id": "x" }))).toEqual({
          status: 400,
          code: "event.id",
          detail: "Last-Event-ID must be the number of an event.",
        });
        for (const ahead of [stream({ "last-event-id": "1" }), stream({}, { after: "1" })])
          expect(await problemOf("listEvents", ahead)).toEqual({
            status: 409,
            code: "event.ahead",
            detail:
              "Your last event is 1, and the newest one here is 0. You " +
              "have read another list: the one before " +
              "a backup was restored, or another operator's. Begin behind 0, or at 0 for all that is kept.",
          });
        const events = await fetch(`${bench.url()}/v1/events`, {
          headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
        });
        const reader = events.body?.getReader();
        const beginning = await reader?.read();
        expect(Buffer.from(beginning?.value ?? []).toString("utf8")).toBe("retry: 2000\n\n");
        expect([events.status, events.headers.get("content-type")]).toEqual([
          200,
          "text/event-stream; charset=utf-8",
        ]);
        expect(events.headers.get("x-accel-buffering")).toBe("no");
        await reader?.cancel();
      });

      it("of no tenant lead to the documents, and say what is not there", async () => {
        const get = (path: string, method = "GET") => ask(bench.url(), { method, path });
        const home = await get("/");
        expect([home.status, home.headers.location]).toEqual([302, "/docs"]);
        expect((await get("/openapi.json")).headers["content-type"]).toBe("application/json; charset=utf-8");
        const page = await get("/docs");
        expect(page.headers["content-type"]).toBe("text/html; charset=utf-8");
        for (const directive of ["default-src 'none'", "style-src 'unsafe-inline'", "frame-ancestors 'none'"])
          expect(String(page.headers["content-security-policy"]).split(";")).toContain(directive);
        expect(page.headers["content-security-policy"]).not.toContain("upgrade-insecure-requests");
        expect(page.headers["cache-control"]).toBe("no-store");
        expect(page.headers).not.toHaveProperty("x-powered-by");
        expect(expectProblem(await get("/nowhere", "POST"))).toMatchObject({
          status: 404,
          code: "route.unknown",
          detail: "There is no POST at this path. GET /docs shows all there is.",
        });
        const token = await bench.token("figures", ["metrics"]);
        const figures = await ask(bench.url(), {
          method: "GET",
          path: "/metrics",
          headers: { authorization: `Bearer ${token}` },
        });
        const text = figures.bytes.toString("utf8");
        expect(figures.headers["content-type"]).toContain("text/plain");
        expect(text).toContain('microtonne_http_requests_total{method="POST",route="none",status="404"} 1');
        expect(text).toContain('microtonne_http_requests_total{method="GET",route="/docs",status="200"} 1');
        expect(text).toMatch(
          /microtonne_http_request_seconds_bucket\{le="30",method="GET",route="\/docs"\} 1\n/,
        );
        expect(text).toContain("# HELP microtonne_http_requests_total Requests answered.");
        expect(text).toContain("process_cpu_seconds_total");
      });
    },
    { jobs: false },
  );
});
