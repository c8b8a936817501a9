import { describe, expect, it } from "vitest";
import { ROLES } from "../../../src/app/apiKeys/roles.ts";
import * as client from "../../../src/client/index.ts";
import { ROUTES } from "../../../src/doors/http/routes.ts";
import { ask, jsonIn } from "./support/ask.ts";
import { documentPath, DOCUMENT, expectProblem } from "./support/contract.ts";
import { ndjson } from "./support/rows.ts";
import { onEachService } from "./support/service.ts";

describe("the OpenAPI document", () => {
  const operations = Object.entries(DOCUMENT.paths ?? {}).flatMap(([path, item]) =>
    (["get", "post", "put", "patch", "delete"] as const).flatMap((method) => {
      const operation = item[method];
      return operation ? [{ path, method, operation }] : [];
    }),
  );

  it("has every route, each under a name of its own", () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    expect(
      new Set(
        operations.map(({ path, method, operation }) => `${String(operation.operationId)} ${method} ${path}`),
      ),
    ).toEqual(new Set(ROUTES.map((route) => `${route.operationId} ${route.method} ${documentPath(route)}`)));
  });

  it("declares each parameter of a path, and no others", () => {
    for (const { path, operation } of operations) {
      const declared = (operation.parameters ?? []).flatMap((one) =>
        "in" in one && one.in === "path" ? [one.name] : [],
      );
      expect(new Set(declared)).toEqual(
        new Set([...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => name)),
      );
    }
  });

  it("refers to nothing that is not there", () => {
    const refs = [...JSON.stringify(DOCUMENT).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref ?? "");
    expect(refs.length).toBeGreaterThan(20);
    for (const ref of new Set(refs)) {
      const found = ref
        .slice(2)
        .split("/")
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], DOCUMENT);
      expect(found, ref).toBeTypeOf("object");
    }
  });

  it("says of each route what key it needs and how it refuses", () => {
    for (const { operation } of operations) {
      const { role } = ROUTES.find(({ operationId }) => operationId === operation.operationId) ?? {};
      expect(operation.security).toEqual(role === null ? [] : [{ key: [] }]);
      if (role !== null)
        expect(Object.keys(operation.responses ?? {})).toEqual(
          expect.arrayContaining(["400", "401", "403", "429", "503"]),
        );
    }
  });
});

describe("the service's surface", () => {
  onEachService((bench) => {
    it("serves its document and a page of it that needs nothing from elsewhere", async () => {
      const get = (path: string) => ask(bench.url(), { method: "GET", path });
      expect(jsonIn(await get("/openapi.json"))).toEqual(JSON.parse(JSON.stringify(DOCUMENT)));
      const page = await get("/docs");
      expect(page.headers["content-type"]).toMatch(/^text\/html/);
      expect(page.headers["content-security-policy"]).toContain("default-src 'none'");
      const html = page.bytes.toString("utf8");
      expect(html).not.toMatch(/<script|src=|href="http/);
      for (const { operationId } of ROUTES) expect(html).toContain(`id="${operationId}"`);
      expect((await get("/")).headers.location).toBe("/docs");
      expect(expectProblem(await get("/v1/nothing"))).toMatchObject({ status: 404, code: "route.unknown" });
      expect(expectProblem(await ask(bench.url(), { method: "PUT", path: "/v1/batches" })).status).toBe(404);
      expect(expectProblem(await get("/v1/batches/%zz")).code).toBe("request.malformed");
    });

    it("names the fields that break a schema", async () => {
      const token = await bench.token("fields", ROLES);
      const reply = await bench.call("retire", {
        token,
        json: { milligrams: "1.5", purpose: "x", beneficiary: { name: "" }, extra: 1 },
      });
      const { code, errors = [] } = expectProblem(reply);
      expect(code).toBe("request.schema");
      expect(errors.map(({ path }) => path)).toEqual(
        expect.arrayContaining(["body.milligrams", "body.purpose", "body.beneficiary.name"]),
      );
    });

    it("shows figures to a key that may see them, with no tenant and no key in them", async () => {
      const token = await bench.token("figures", ["metrics"]);
      const reply = await ask(bench.url(), {
        method: "GET",
        path: "/metrics",
        headers: { authorization: `Bearer ${token}` },
      });
      expect(reply.status).toBe(200);
      const text = reply.bytes.toString("utf8");
      expect(text).toContain("microtonne_http_requests_total{");
      for (const secret of ["figures", token.split("_")[1] ?? ""]) expect(text).not.toContain(secret);
      expect(
        expectProblem(
          await ask(bench.url(), {
            method: "GET",
            path: "/metrics",
            headers: { authorization: `Bearer ${await bench.token("figures", ["read"])}` },
          }),
        ).status,
      ).toBe(403);
    });

    it("is called by the generated client, with files and without", async () => {
      client.connect(`${bench.url()}/`, await bench.token("typed", ROLES));
      expect(await client.getHealth()).toMatchObject({ status: 200, data: { status: "ok" } });
      expect(await client.getReadiness()).toMatchObject({ status: 200, data: { database: true } });
      expect((await client.listProfiles()).status).toBe(200);
      expect(await client.getMethodology({ methodology: "WUHAN-METRO" })).toMatchObject({
        status: 200,
        data: { code: "WUHAN-METRO" },
      });
      const sent = await client.postActivities({
        profile: "canonical-ndjson",
        provider: "typed-metro",
        body: new Blob([ndjson(3, "typed")]),
        idempotencyKey: "typed-1",
      });
      expect(sent).toMatchObject({ status: 200, data: { read: 3, accepted: 3 } });
      expect(await client.getRecord({ provider: "typed-metro", recordId: "typed-0" })).toMatchObject({
        status: 200,
        data: { disposition: "open" },
      });
      const begun = await client.closeBatch({ body: { region: "WUHAN", vintage: 2024 } });
      expect(begun.status).toBe(202);
      const made = await client.createApiKey({ body: { label: "typed", roles: ["read"] } });
      expect(made).toMatchObject({ status: 201, data: { roles: ["read"] } });
      expect(await client.listBatches()).toMatchObject({ status: 200, data: { batches: [] } });
      expect(await client.getBatch({ batch: "0xabc" })).toMatchObject({
        status: 404,
        data: { code: "batch.unknown" },
      });
      expect(await client.listEvents({ after: "0" })).toMatchObject({ status: 200 });
      expect(await client.listUploads({})).toMatchObject({ status: 200, data: { uploads: [] } });
      client.connect(bench.url(), "mt_wrong");
      expect(await client.listBatches()).toMatchObject({
        status: 401,
        data: { code: "access.unauthenticated" },
      });
    });
  });
});
