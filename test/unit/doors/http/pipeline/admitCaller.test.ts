import type { Request, Response } from "express";
import { beforeEach, expect, it } from "vitest";
import type { Role } from "../../../../../src/app/apiKeys/roles.ts";
import { tenantId } from "../../../../../src/base/lib/ids.ts";
import { admitCaller } from "../../../../../src/doors/http/pipeline/admitCaller.ts";
import { HttpError } from "../../../../../src/doors/http/pipeline/httpError.ts";

const CALLER = { tenant: tenantId("alpha"), keyId: "k", roles: ["read", "ingest"] as Role[] };
let asked: string[] = [];
let against: string[] = [];
let set: unknown[] = [];
beforeEach(() => {
  asked = [];
  against = [];
  set = [];
});
const admit = (
  authorization: string | undefined,
  role: Role | null = "read",
  ip: string | undefined = "10.0.0.1",
) =>
  admitCaller(
    { role },
    {
      get: (name: string) => (name === "Authorization" ? authorization : undefined),
      ip,
    } as unknown as Request,
    { set: (headers: unknown) => set.push(headers) } as unknown as Response,
    {
      authenticate: (token) => {
        asked.push(token);
        return Promise.resolve(token.startsWith("mt_") ? CALLER : null);
      },
      limits: {
        request: ({ keyId }) => Promise.resolve({ "RateLimit-Limit": `of ${keyId}` }),
        refused: (address) => Promise.resolve(void against.push(address)),
      },
    },
  );
const UNAUTHENTICATED = {
  code: "access.unauthenticated",
  message: "Send a good key: Authorization: Bearer mt_…",
  headers: { "WWW-Authenticate": "Bearer" },
};

it("a route for anybody asks for no key and counts nothing", async () => {
  expect(await admit("Bearer none", null)).toBeNull();
  expect([asked, against, set]).toEqual([[], [], []]);
});

it("a good key is let in with its limits told, however the scheme is written", async () => {
  for (const scheme of ["Bearer", "bearer", "BEARER"]) expect(await admit(`${scheme} mt_1`)).toBe(CALLER);
  expect(asked).toEqual(["mt_1", "mt_1", "mt_1"]);
  expect(set).toEqual(["", "", ""].map(() => ({ "RateLimit-Limit": "of k" })));
  expect(against).toEqual([]);
  const longest = `mt_${"x".repeat(197)}`;
  expect(await admit(`Bearer ${longest}`)).toBe(CALLER);
});

it.each([
  undefined,
  "",
  "mt_1",
  "Basic mt_1",
  "Bearer",
  "Bearer ",
  "Bearer  mt_1",
  "Bearer mt 1",
  " Bearer mt_1",
  "Bearer mt_1 ",
  "Bearer mt_\u00e4",
  `Bearer mt_${"x".repeat(198)}`,
])("%j is no key: it is asked of nobody, and counted against its address", async (authorization) => {
  await expect(admit(authorization)).rejects.toMatchObject(UNAUTHENTICATED);
  expect([asked, against, set]).toEqual([[], ["10.0.0.1"], []]);
});

it("a wrong key is counted against its address, also one that nobody knows", async () => {
  await expect(admit("Bearer wrong")).rejects.toMatchObject(UNAUTHENTICATED);
  await expect(admit("Bearer wrong", "read", "")).rejects.toBeInstanceOf(HttpError);
  expect([asked, against]).toEqual([
    ["wrong", "wrong"],
    ["10.0.0.1", ""],
  ]);
});

it("a key without the role is told which it needs and has, and counts as a request", async () => {
  await expect(admit("Bearer mt_1", "operate")).rejects.toMatchObject({
    code: "access.role",
    message: "This needs a key with the role operate; yours has read, ingest.",
  });
  expect(set).toHaveLength(1);
});
