/** Refusals that no other test of the service meets, each by a request that gets it. */
import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import { expectProblem } from "./support/contract.ts";
import { ndjson, NDJSON } from "./support/rows.ts";
import { onEachService, type Called } from "./support/service.ts";
import { tusOf } from "./support/tus.ts";
import { until } from "./support/until.ts";

const RIDES = { profile: "canonical-ndjson", provider: "city-metro" };
const rows = (headers: Readonly<Record<string, string>> = {}): Called => ({
  query: RIDES,
  body: ndjson(1, "refused"),
  headers: { "content-type": NDJSON, ...headers },
});

describe("a request", () => {
  onEachService(
    (bench) => {
      it.each([
        ["revokeApiKey", { params: { key: "0123456789abcdef" } }, 404, "api-key.unknown", "0123456789abcdef"],
        ["getOperation", { params: { operation: "none" } }, 404, "operation.unknown", '"none"'],
        ["deleteLookupFile", { params: { name: "no.csv" } }, 404, "lookup.unknown", '"no.csv"'],
        ["getMethodology", { params: { methodology: "NONE" } }, 404, "methodology.unknown", '"NONE"'],
        [
          "getRecord",
          { params: { provider: "city-metro", recordId: "never" } },
          404,
          "record.unknown",
          "city-metro has reported no record with this id",
        ],
      ] as const)("%s is told what is missing: %#", async (operationId, called, status, code, told) => {
        const token = await bench.token("asking", ROLES);
        const reply = await bench.call(operationId, { token, ...called });
        const problem = expectProblem(reply);
        expect([problem.code, reply.status]).toEqual([code, status]);
        expect(problem.detail).toContain(told);
      });

      it.each([
        [rows({ "content-encoding": "gzip" }), 415, "request.encoding", /Send the gzip file itself/],
        [rows({ "content-type": "text/html" }), 415, "request.type", /must be .*application\/x-ndjson/],
        [rows({ "microtonne-signature": "{}" }), 400, "request.signature", /\.sig\.json, as base64/],
      ] as const)(
        "whose head does not fit its body says how to send it: %#",
        async (called, status, code, how) => {
          const token = await bench.token("sending", ROLES);
          const reply = await bench.call("postActivities", { token, ...called });
          const problem = expectProblem(reply);
          expect([problem.code, reply.status]).toEqual([code, status]);
          expect(problem.detail).toMatch(how);
          // Nothing of it was taken.
          const known = await bench.call("getRecord", {
            token,
            params: { provider: "city-metro", recordId: "refused-0" },
          });
          expect(known.status).toBe(404);
        },
      );

      it("with another signature over its rows is another request under one Idempotency-Key", async () => {
        const token = await bench.token("signing", ROLES);
        const keyed = { "idempotency-key": "rows-1" };
        const first = await bench.call("postActivities", { token, ...rows(keyed) });
        expect(first.status).toBe(200);
        const signed = await bench.call("postActivities", {
          token,
          ...rows({ ...keyed, "microtonne-signature": "e30=" }),
        });
        expect(signed.status).toBe(422);
        expect(expectProblem(signed)).toMatchObject({
          code: "idempotency.other-request",
          detail:
            "This Idempotency-Key was used for another request. Use a new key for a new request, or send " +
            "the same one again.",
        });
        const again = await bench.call("postActivities", { token, ...rows(keyed) });
        expect([again.status, again.headers["idempotency-replayed"]]).toEqual([200, "true"]);
      });

      it.each([['{"a":'], ['{"label":"a\\u0000b"}'], [new Uint8Array([0x22, 0xff, 0x22])]])(
        "whose body is no JSON is refused as that: %#",
        async (body) => {
          const token = await bench.token("writing", ROLES);
          const headers = { "content-type": "application/json" };
          const reply = await bench.call("createApiKey", { token, body, headers });
          expect(reply.status).toBe(400);
          expect(expectProblem(reply)).toMatchObject({
            code: "request.json",
            detail: expect.stringMatching(/JSON/) as unknown,
          });
        },
      );

      it("with a methodology that is none is told so of its body", async () => {
        const token = await bench.token("proposing", ROLES);
        const reply = await bench.call("proposeMethodology", {
          token,
          body: '{"schema":"other/1"}',
          headers: { "content-type": "application/json" },
        });
        expect(expectProblem(reply)).toMatchObject({
          code: "rules.schema",
          detail: expect.stringMatching(/^The body has the schema "other\/1"/) as unknown,
        });
      });

      it("for a key that ends before it begins is refused", async () => {
        const token = await bench.token("keeping", ROLES);
        const json = { label: "late", roles: ["read"], expiresAt: "2001-01-01T00:00:00Z" };
        const reply = await bench.call("createApiKey", { token, json });
        expect(expectProblem(reply)).toMatchObject({
          code: "api-key.terms",
          detail: expect.stringContaining("must not expire before it is made") as unknown,
        });
      });

      it("for an upload's results before it is read, or to delete it, is told when to", async () => {
        const token = await bench.token("uploading", ROLES);
        const bytes = ndjson(2, "queued");
        const tus = tusOf(bench, token);
        const begun = await tus.begin(Buffer.byteLength(bytes), { filename: "rides.ndjson", ...RIDES });
        const path = begun.headers.location ?? "";
        const params = { upload: path.split("/").at(-1) ?? "" };
        expect((await tus.patch(path, 0, bytes)).status).toBe(204);
        await until("the queued upload", async () => {
          const { state } = await bench.json<{ state: string }>("getUpload", 200, { token, params });
          return state === "queued";
        });
        const asked = [
          ["getUploadResults", "upload.unread", "Ask again when it is done."],
          ["deleteUpload", "upload.queued", "Delete it when it is done."],
        ] as const;
        for (const [operationId, code, when] of asked) {
          const reply = await bench.call(operationId, { token, params });
          const problem = expectProblem(reply);
          expect([problem.code, reply.status]).toEqual([code, 409]);
          expect(problem.detail).toContain(when);
        }
      });

      it("without a good key too often is told so, apart from the limit of keys", async () => {
        const headers = { "x-forwarded-for": "192.0.2.77" };
        const ask = () => bench.call("listMethodologies", { token: "mt_wrong", headers });
        for (let tries = 0; tries < 30; tries++) expect((await ask()).status).toBe(401);
        const reply = await ask();
        expect([expectProblem(reply).code, reply.status]).toEqual(["limit.unauthenticated", 429]);
        expect(Number(reply.headers["retry-after"])).toBeGreaterThan(0);
      });
    },
    { jobs: false },
  );
});
