import { once } from "node:events";
import { createServer, request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import express from "express";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { ROLES } from "../../../../../src/app/apiKeys/roles.ts";
import { TenantShares } from "../../../../../src/app/service/tenantShares.ts";
import { LimitError, UnavailableError } from "../../../../../src/base/errors/errors.ts";
import { tenantId } from "../../../../../src/base/lib/ids.ts";
import { answerErrors } from "../../../../../src/doors/http/pipeline/answerErrors.ts";
import { HttpError } from "../../../../../src/doors/http/pipeline/httpError.ts";
import { LargeBodies } from "../../../../../src/doors/http/pipeline/largeBodies.ts";
import { limitsOf } from "../../../../../src/doors/http/pipeline/limitsOf.ts";
import { mountRoutes } from "../../../../../src/doors/http/pipeline/mountRoutes.ts";
import { ok, route, type AnyRoute, type Call } from "../../../../../src/doors/http/pipeline/route.ts";
import type { RouteDeps } from "../../../../../src/doors/http/pipeline/routeDeps.ts";
import { UnreadAnswers } from "../../../../../src/doors/http/pipeline/unreadAnswers.ts";

const TENANT = tenantId("mounted");
/** What a route's handler was given, and what the operator's log has. */
let calls: Call<never, never, never>[] = [];
let logged: unknown[][] = [];
/** What a handler of `/fail` throws. */
let fault: Error | null = null;
const named = (operationId: string, path: string, more: Partial<AnyRoute> = {}): AnyRoute => ({
  ...route({
    method: "post",
    path,
    operationId,
    tag: "Test",
    summary: "",
    role: "read",
    answers: {},
    handle: (call) => {
      calls.push(call as never);
      return Promise.resolve(ok({ params: call.params, query: call.query, body: call.body }));
    },
  }),
  ...more,
});
const ROUTES: AnyRoute[] = [
  named("path", "/files/{id}/in/{path*}", {
    method: "get",
    params: z.object({ id: z.string(), path: z.string() }),
  }),
  named("query", "/query", { method: "get", query: z.strictObject({ n: z.string().max(3).optional() }) }),
  named("body", "/body", { body: z.strictObject({ a: z.string() }) }),
  named("files", "/files", { files: { types: ["text/csv", "application/zip"], description: "" } }),
  named("open", "/open", { method: "get", role: null }),
  named("other", "/other", { method: "get", role: "operate" }),
  named("fail", "/fail", {
    method: "get",
    role: null,
    handle: () => Promise.reject(fault ?? new Error("none")),
  }),
  named("stream", "/stream", {
    method: "get",
    role: null,
    handle: () =>
      Promise.resolve({
        status: 206,
        headers: { "X-Own": "yes" },
        stream: Readable.from(fault === null ? ["a", "b"] : broken()),
        contentType: "text/plain",
      }),
  }),
  named("bytes", "/bytes", {
    method: "get",
    role: null,
    handle: () =>
      Promise.resolve({ status: 200, bytes: new Uint8Array([65]), contentType: "application/zip" }),
  }),
  named("empty", "/empty", {
    method: "get",
    role: null,
    handle: () => Promise.resolve({ status: 204, empty: true }),
  }),
  named("wait", "/wait", {
    method: "get",
    role: null,
    handle: async (call) => {
      calls.push(call);
      await once(call.signal, "abort");
      return ok({});
    },
  }),
];
async function* broken() {
  yield await Promise.resolve("half");
  throw fault ?? new Error("none");
}

describe("a mounted route", () => {
  let server: Server;
  const stopping = new AbortController();

  beforeAll(async () => {
    const root = {
      tenant: TENANT,
      config: { folder: "/nowhere" },
      log: { error: (...told: unknown[]) => logged.push(told) },
    };
    const service = { root, contextOf: () => Promise.resolve(root) } as unknown as RouteDeps["service"];
    const app = express();
    app.set("query parser", "simple");
    app.use((_request, response, next) => {
      response.locals["requestId"] = "request-1";
      next();
    });
    mountRoutes(app, ROUTES, {
      service,
      authenticate: (token) =>
        Promise.resolve(
          token === "good"
            ? { tenant: TENANT, keyId: "k", roles: ROLES.filter((one) => one === "read") }
            : null,
        ),
      limits: limitsOf(10_000),
      bodyBytes: 16,
      bodies: new TenantShares(20, { code: "limit.bodies", sentence: "Too much." }),
      largeBodies: new LargeBodies(),
      unread: new UnreadAnswers(),
      stopping: stopping.signal,
    });
    app.use(answerErrors(service));
    server = createServer(app).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    [calls, logged, fault] = [[], [], null];
  });

  interface Asked {
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
  }
  const begin = (path: string, { method = "GET", headers = {}, body }: Asked = {}) => {
    const { port } = server.address() as AddressInfo;
    const begun = httpRequest({
      host: "127.0.0.1",
      port,
      path,
      method,
      headers: { authorization: "Bearer good", ...headers },
    });
    begun.end(body);
    return begun;
  };
  const ask = (
    path: string,
    asked?: Asked,
  ): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; text: string }> =>
    new Promise((resolve, reject) => {
      begin(path, asked)
        .once("response", (response) => {
          text(response).then(
            (read) => resolve({ status: response.statusCode, headers: response.headers, text: read }),
            reject,
          );
        })
        .once("error", reject);
    });
  const refused = async (path: string, asked?: Asked) => {
    const { status, headers, text: read } = await ask(path, asked);
    expect(headers["content-type"]).toBe("application/problem+json; charset=utf-8");
    return { ...(JSON.parse(read) as { code: string; detail: string; errors?: unknown }), status, headers };
  };
  const post = (body: string, type?: string, more: Record<string, string> = {}): Asked => ({
    method: "POST",
    body,
    headers: { ...(type === undefined ? {} : { "content-type": type }), ...more },
  });

  it("takes each part of its path, and the rest of it in one", async () => {
    const { status, headers, text: read } = await ask("/files/7/in/leaves/x000/%41");
    expect([status, headers["content-type"]]).toEqual([200, "application/json; charset=utf-8"]);
    expect(JSON.parse(read)).toEqual({ params: { id: "7", path: "leaves/x000/A" }, query: {}, body: {} });
    expect(headers["ratelimit-limit"]).toBe("10000");
    expect(headers["ratelimit-remaining"]).toMatch(/^99\d\d$/);
    expect(headers["ratelimit-reset"]).toMatch(/^(?:60|5\d)$/);
    expect(await refused("/files/%E0/in/x")).toMatchObject({ status: 400, code: "request.malformed" });
    expect(await refused("/files/%00/in/x")).toMatchObject({
      status: 400,
      errors: [{ path: "path.id", message: "has a NUL character" }],
    });
  });

  it("tells where a query breaks its schema, and no more of it than three hundred characters", async () => {
    expect(JSON.parse((await ask("/query?n=123")).text)).toMatchObject({ query: { n: "123" } });
    expect(await refused("/query?n=1234")).toMatchObject({
      status: 400,
      code: "request.schema",
      errors: [{ path: "query.n" }],
    });
    const { errors } = (await refused(`/query?${"m".repeat(400)}=1`)) as unknown as {
      errors: { message: string }[];
    };
    expect(errors[0]?.message).toHaveLength(300);
  });

  it.each(["application/json", "application/json; charset=utf-8", "Application/JSON ;x=y"])(
    "takes a body of the type %s",
    async (type) => {
      expect(JSON.parse((await ask("/body", post('{"a":"b"}', type))).text)).toMatchObject({
        body: { a: "b" },
      });
    },
  );

  it("refuses a body of another type, an encoded one, a larger one, one that breaks its schema", async () => {
    const json = "application/json";
    expect(await refused("/body", post('{"a":"b"}'))).toMatchObject({
      status: 415,
      code: "request.type",
      detail: "The Content-Type must be application/json.",
    });
    expect(await refused("/files", post("a", json))).toMatchObject({
      detail: "The Content-Type must be text/csv or application/zip.",
    });
    expect((await ask("/files", post("a", "text/csv"))).status).toBe(200);
    expect((await ask("/body", post('{"a":"b"}', json, { "content-encoding": "identity" }))).status).toBe(
      200,
    );
    for (const path of ["/body", "/files"])
      expect(await refused(path, post("a", "text/csv", { "content-encoding": "gzip" }))).toMatchObject({
        status: 415,
        code: "request.encoding",
      });
    expect((await ask("/files", post("x".repeat(16), "text/csv"))).status).toBe(200);
    expect(await refused("/files", post("x".repeat(17), "text/csv"))).toMatchObject({
      status: 413,
      code: "request.too-large",
    });
    expect(await refused("/body", post('{"b":1}', json))).toMatchObject({
      code: "request.schema",
      errors: [{ path: "body.a" }, { path: "body" }],
    });
  });

  it("gives the room of a body back, whatever became of it", async () => {
    for (let tries = 0; tries < 4; tries++) {
      expect((await ask("/files", post("x".repeat(12), "text/csv"))).status).toBe(200);
      expect((await ask("/files", post("x".repeat(12), "text/html"))).status).toBe(415);
    }
    expect(calls[0]?.bytes).toHaveLength(12);
  });

  it("is for who has its role, by a good key", async () => {
    for (const authorization of ["", "Bearer", "Bearer bad", "Basic good", "Bearer good ", "x Bearer good"])
      if (authorization.trim() === authorization)
        expect(await refused("/query", { headers: { authorization } }), authorization).toMatchObject({
          status: 401,
          code: "access.unauthenticated",
          headers: { "www-authenticate": "Bearer" },
        });
    expect((await ask("/query", { headers: { authorization: "bearer good" } })).status).toBe(200);
    expect((await ask("/open", { headers: { authorization: "Bearer bad" } })).status).toBe(200);
    expect(await refused("/other")).toMatchObject({
      status: 403,
      code: "access.role",
      detail: "This needs a key with the role operate; yours has read.",
    });
  });

  it("gives each call an id of its own, and who calls", async () => {
    for (const path of ["/open", "/open", "/query"]) await ask(path);
    const ids = calls.map(({ newId }) => newId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(ids).size).toBe(3);
    expect(calls.map(({ caller }) => caller)).toEqual([
      { tenant: TENANT, keyId: "", roles: [] },
      { tenant: TENANT, keyId: "", roles: [] },
      { tenant: TENANT, keyId: "k", roles: ["read"] },
    ]);
  });

  it("answers in each form as it is", async () => {
    expect(await ask("/stream")).toMatchObject({
      status: 206,
      text: "ab",
      headers: { "x-own": "yes", "content-type": "text/plain; charset=utf-8" },
    });
    expect(await ask("/bytes")).toMatchObject({
      text: "A",
      headers: { "content-type": "application/zip", "content-length": "1" },
    });
    expect(await ask("/empty")).toMatchObject({ status: 204, text: "" });
  });

  it("is told that its client has gone, or that the service stops", async () => {
    const begun = begin("/wait");
    begun.on("error", () => undefined);
    await expect.poll(() => calls.length).toBe(1);
    expect(calls[0]?.signal.aborted).toBe(false);
    begun.destroy();
    await expect.poll(() => calls[0]?.signal.aborted).toBe(true);
    const waiting = ask("/wait");
    await expect.poll(() => calls.length).toBe(2);
    stopping.abort();
    expect((await waiting).status).toBe(200);
  });

  it("logs what broke, and not what was refused or is not done here", async () => {
    fault = new Error("broke");
    expect(await refused("/fail")).toMatchObject({ status: 500, code: "unexpected", requestId: "request-1" });
    expect(logged).toEqual([[{ requestId: "request-1", code: "unexpected", err: fault }, "a request broke"]]);
    fault = new UnavailableError("chain.unreachable", "Away.");
    expect(await refused("/fail")).toMatchObject({ status: 503, headers: { "retry-after": "2" } });
    expect(logged).toHaveLength(2);
    for (const code of ["request.malformed", "request.head-too-large", "upload.concat"]) {
      fault = new HttpError(code, "No.", { "X-Told": "so" });
      const { headers } = await refused("/fail");
      expect([headers["x-told"], headers["retry-after"]]).toEqual(["so", undefined]);
    }
    expect(logged).toHaveLength(2);
    // Of express' own: a status of its errors counts where it is 400.
    fault = Object.assign(new Error("Bad"), { status: 400 });
    expect(await refused("/fail")).toMatchObject({ status: 400, code: "request.malformed" });
    fault = Object.assign(new Error("No space"), { code: "ENOSPC" });
    expect(await refused("/fail")).toMatchObject({ status: 503 });
  });

  it("lets who is over a limit wait for the answer, and says when to come again", async () => {
    fault = new LimitError("limit.waiting", "Too many.");
    const begun = performance.now();
    expect(await refused("/fail")).toMatchObject({ status: 429, headers: { "retry-after": "2" } });
    expect(performance.now() - begun).toBeGreaterThan(990);
  });

  it("cuts an answer off that breaks in the middle, and goes on", async () => {
    fault = new Error("half-way");
    await expect(ask("/stream")).rejects.toThrow("aborted");
    await expect.poll(() => logged.length).toBe(1);
    fault = null;
    expect((await ask("/open")).status).toBe(200);
  });
});
