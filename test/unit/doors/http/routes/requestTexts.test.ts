/** What texts of requests must be, as their senders are told; bounds stand in the document. */
import { expect, it } from "vitest";
import type { AnyRoute } from "../../../../../src/doors/http/pipeline/route.ts";
import { ROUTES } from "../../../../../src/doors/http/routes.ts";

const routeOf = (operationId: string): AnyRoute => {
  const found = ROUTES.find((route) => route.operationId === operationId);
  if (!found) throw new Error(`There is no route ${operationId}.`);
  return found;
};
const WORD = `0x${"ab".repeat(32)}`;
const ORDER = { milligrams: "1", purpose: "corporate-neutrality", beneficiary: { name: "A" } };
const CLOSE = { region: "WUHAN", vintage: 2025 };

it.each([
  ["retire", "body", { ...ORDER, milligrams: "0" }, "must be above 0"],
  ["retire", "body", { ...ORDER, milligrams: "1.5" }, "must be a decimal string of whole milligrams"],
  ["retire", "body", { ...ORDER, country: "cn" }, "must be two capital letters of ISO 3166-1"],
  [
    "retire",
    "body",
    { ...ORDER, beneficiary: { name: "A", lei: "X".repeat(19) } },
    "must be an LEI (20) or USCC (18)",
  ],
  [
    "retire",
    "body",
    { ...ORDER, recognition: { authority: "x", claimMilligrams: "1" } },
    "must match [A-Z0-9]{2,8}",
  ],
  ["closeBatch", "body", { ...CLOSE, useBy: "tomorrow" }, "must be YYYY-MM-DD"],
  [
    "closeBatch",
    "body",
    { ...CLOSE, campaign: { id: "NO", documentHash: WORD } },
    "must match [a-z0-9-]{2,64}",
  ],
  [
    "closeBatch",
    "body",
    { ...CLOSE, title: { kind: "programme", documentHash: "0x" } },
    "must be 0x and 64 lower-case hex digits",
  ],
  ["getArchiveFile", "params", { batchId: WORD, path: "../x" }, "must be a path of the batch format"],
  ["listEvents", "query", { after: "x" }, "must be a decimal number"],
  ["listWebhookDeliveries", "query", { before: "0" }, "must be a decimal number"],
  ["getRecord", "params", { provider: "NO", recordId: "r" }, "must match [a-z0-9-]{2,64}"],
] as const)("%s: %s %j", (operationId, part, value, told) => {
  const outcome = routeOf(operationId)[part]?.safeParse(value);
  expect(outcome?.error?.issues.map(({ message }) => message)).toEqual([told]);
});

it("an order of the least is taken, with what was left out as nothing", () => {
  expect(routeOf("retire").body?.parse(ORDER)).toEqual({
    ...ORDER,
    beneficiary: { name: "A", lei: null },
    use: null,
    reportingYear: null,
    country: null,
    batch: null,
    recognition: null,
  });
  expect(routeOf("mintBatch").body?.parse({})).toEqual({ attestations: null });
  expect(routeOf("listEvents").query?.parse({})).toEqual({ after: "0", limit: 100 });
  expect(routeOf("checkProfile").query?.parse({})).toEqual({ rows: 10 });
  expect(routeOf("createApiKey").body?.parse({ label: "x", roles: ["read"] })).toMatchObject({
    expiresAt: null,
  });
});

it("no request takes a member that it does not know", () => {
  for (const { operationId, params, query, body } of ROUTES)
    for (const schema of [params, query, body]) {
      if (!schema) continue;
      const codes = schema.safeParse({ strange: 1 }).error?.issues.map(({ code }) => code);
      expect(codes, operationId).toContain("unrecognized_keys");
    }
});
