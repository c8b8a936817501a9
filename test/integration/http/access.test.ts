import { beforeAll, describe, expect, it } from "vitest";
import { ROLES, type Role } from "../../../src/app/apiKeys/roles.ts";
import type { AnyRoute } from "../../../src/doors/http/pipeline/route.ts";
import { ROUTES } from "../../../src/doors/http/routes.ts";
import { ask, jsonIn } from "./support/ask.ts";
import { expectProblem } from "./support/contract.ts";
import { createOne, foreignRequest, type Created } from "./support/foreignIds.ts";
import { onEachService, type Called } from "./support/service.ts";
import { liveOnce, type TenantLife } from "./support/liveOnce.ts";
import { tusOf, UPLOADS } from "./support/tus.ts";

const KEYED = ROUTES.filter(({ role }) => role !== null);
/** Shared by all tenants. */
const COMMON = new Set(["getMethodology"]);
/** What they put is the caller's own, whoever else has one of that name. */
const OWN = new Set(["putProfile", "putLookupFile", "addProviderKey"]);
const isOwn = ({ operationId }: AnyRoute): boolean => OWN.has(operationId);
/** Those that put come last, so that the others find no thing of the caller's own under the name. */
const WITH_IDS = KEYED.filter(({ params }) => params !== undefined).toSorted(
  (a, b) => Number(isOwn(a)) - Number(isOwn(b)),
);
/** With a name in the path, so that a key is asked for and not the path found wanting. */
const SOMEWHERE = {
  name: "x",
  provider: "xx",
  recordId: "x",
  upload: "x",
  batch: "x",
  key: "x",
  batchId: "x",
  path: "x",
  retirement: "x",
  operation: "x",
  methodology: "x",
  webhook: "x",
  delivery: "x",
};

describe("who may call what", () => {
  onEachService((bench) => {
    let life: TenantLife;
    let created: Created;
    let stranger: string;
    let before: unknown;
    const ofRole = new Map<Role, string>();
    const strange = (operationId: string, called: Called = {}) =>
      bench.call(operationId, { token: stranger, ...called });
    /** Everything that the first tenant sees of itself. */
    const look = async (): Promise<unknown> => {
      const names = KEYED.filter(
        ({ role, method, params }) => role !== "metrics" && method === "get" && !params,
      ).map(({ operationId }) => operationId);
      return Promise.all(names.map(async (name) => jsonIn(await bench.call(name, { token: life.token }))));
    };

    beforeAll(async () => {
      life = await liveOnce(bench, "alpha");
      created = await createOne(bench, life.token);
      stranger = await bench.token("beta", ROLES);
      for (const role of ROLES) ofRole.set(role, await bench.token("beta", [role]));
      before = await look();
    });

    it.each(KEYED.map((route) => ({ route, ...route })))(
      "$method $path is for the role $role alone",
      async ({ route, operationId, role }) => {
        for (const [one, token] of ofRole) {
          const { made: _, ...called } = foreignRequest(route, life, created);
          const reply = await bench.call(operationId, { token, ...called });
          if (one === role) expect([401, 403], `${one}: ${String(reply.status)}`).not.toContain(reply.status);
          else expect(expectProblem(reply), one).toMatchObject({ status: 403, code: "access.role" });
        }
      },
    );

    it.each(KEYED.filter(({ method, params }) => method === "get" && !params))(
      "$path lists nothing of another tenant",
      async ({ operationId }) => {
        const text = (await strange(operationId)).bytes.toString("utf8");
        const ids = Object.entries(life.ids).filter(([name]) => !["methodology", "path"].includes(name));
        for (const mark of [...life.marks, ...ids.map(([, id]) => id), ...created.values()])
          expect(text).not.toContain(mark);
      },
    );

    it.each(WITH_IDS.map((route) => ({ route, ...route })))(
      "$method $path shows another tenant nothing",
      async ({ route, operationId, method }) => {
        const { made, ...called } = foreignRequest(route, life, created);
        expect(
          made,
          "give the matrix a real id of the first tenant for these parameters: support/liveOnce.ts",
        ).toEqual([]);
        const reply = await strange(operationId, called);
        if (COMMON.has(operationId)) return;
        if (!OWN.has(operationId))
          expect([400, 404, 422], reply.bytes.toString("utf8")).toContain(reply.status);
        if (method === "get") expect(reply.status).toBe(404);
        for (const mark of life.marks) expect(reply.bytes.toString("utf8")).not.toContain(mark);
      },
    );

    it("nor by the first digits of an id, or an id in a body", async () => {
      for (const [operationId, name] of [
        ["getBatch", "batch"],
        ["getRetirement", "retirement"],
        ["getRetirementProof", "retirement"],
      ] as const) {
        const prefix = (life.ids[name] ?? "").slice(0, 10);
        expect(
          (await bench.call(operationId, { token: life.token, params: { [name]: prefix } })).status,
        ).toBe(200);
        expect((await strange(operationId, { params: { [name]: prefix } })).status).toBe(404);
      }
      const json = {
        milligrams: "1",
        purpose: "event-neutrality",
        beneficiary: { name: "Stranger" },
        batch: life.ids["batch"],
      };
      const begun = jsonIn(await strange("retire", { json })) as { operationId: string };
      expect(await bench.ended(stranger, begun.operationId)).toMatchObject({
        state: "failed",
        problem: { code: "batch.unknown" },
      });
    });

    it("its own tenant has the proof of a retirement, with every leaf where that is asked for", async () => {
      const proofOf = async (leaves?: string) =>
        bench.call("getRetirementProof", {
          token: life.token,
          params: { retirement: life.ids["retirement"] ?? "" },
          query: leaves === undefined ? {} : { leaves },
        });
      const [kept, listed, few] = [await proofOf(), await proofOf("all"), await proofOf("few")];
      expect(jsonIn(listed)).toMatchObject({ format: "microtonne-proof/1", kind: "retirement" });
      // So few leaves are listed either way.
      expect(kept.bytes.equals(listed.bytes)).toBe(true);
      expect(expectProblem(few)).toMatchObject({ status: 400 });
    });

    it("an upload can be neither sent on, nor looked at, nor deleted by another tenant", async () => {
      const own = tusOf(bench, life.token);
      const begun = await own.begin(10, { filename: "alpha.csv", profile: "canonical-csv" });
      const path = begun.headers.location ?? "";
      const other = tusOf(bench, stranger);
      expect((await other.head(path)).status).toBe(404);
      expect(expectProblem(await other.patch(path, 0, "x".repeat(10)))).toMatchObject({
        status: 404,
        code: "upload.unknown",
      });
      expect(
        (await strange("deleteUpload", { params: { upload: path.split("/").at(-1) ?? "" } })).status,
      ).toBe(404);
      expect((await own.head(path)).headers["upload-offset"]).toBe("0");
      for (const [role, token] of ofRole) {
        const reply = await tusOf(bench, token).begin(10, { filename: "a", profile: "canonical-csv" });
        if (role === "ingest") expect(reply.status).toBe(201);
        else expect(expectProblem(reply)).toMatchObject({ status: 403, code: "access.role" });
      }
      expect(
        (
          await bench.call("deleteUpload", {
            token: life.token,
            params: { upload: path.split("/").at(-1) ?? "" },
          })
        ).status,
      ).toBe(204);
    });

    it("after all of that the first tenant has what it had", async () => {
      expect(await look()).toEqual(before);
    });

    it("a key is of no use once it has expired or was revoked, nor is half of one", async () => {
      const now = bench.context().clock.now();
      const short = await bench.token("beta", ROLES, now + 1);
      const revoked = await bench.token("beta", ROLES);
      const [, keyId = "", secret = ""] = revoked.split("_");
      expect((await bench.call("listBatches", { token: revoked })).status).toBe(200);
      await bench.json("revokeApiKey", 200, { token: stranger, params: { key: keyId } });
      const again = await bench.json<{ revokedAt: string }>("revokeApiKey", 200, {
        token: stranger,
        params: { key: keyId },
      });
      expect(again.revokedAt).toMatch(/Z$/);
      const other = stranger.split("_")[2] ?? "";
      const bad = [
        null,
        "",
        "mt_",
        "nonsense",
        `mt_${keyId}`,
        `mt_${keyId}_${other}`,
        `mt_${"0".repeat(16)}_${secret}`,
        revoked,
        `${stranger} `.repeat(2),
        `${stranger}x`,
      ];
      await expect
        .poll(async () => (await bench.call("listBatches", { token: short })).status, { timeout: 300_000 })
        .toBe(401);
      for (const { operationId } of KEYED) {
        for (const token of operationId === "listBatches" ? bad : [null, revoked]) {
          const reply = await bench.call(operationId, { token, params: SOMEWHERE });
          expect(expectProblem(reply), `${operationId} with ${String(token)}`).toMatchObject({
            status: 401,
            code: "access.unauthenticated",
          });
          expect(reply.headers["www-authenticate"]).toBe("Bearer");
        }
      }
      for (const path of ["/metrics", `${UPLOADS}/x`]) {
        const reply = await ask(bench.url(), {
          method: path === "/metrics" ? "GET" : "PATCH",
          path,
          headers: { "x-forwarded-for": "10.9.9.9" },
        });
        expect(expectProblem(reply).status).toBe(401);
      }
    });

    it("what needs no key tells nothing of anybody", async () => {
      for (const { operationId } of ROUTES.filter(({ role }) => role === null)) {
        const text = (await bench.call(operationId, {})).bytes.toString("utf8");
        for (const mark of life.marks) expect(text).not.toContain(mark);
      }
    });
  });
});
