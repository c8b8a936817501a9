import { expect } from "vitest";
import { openApiDocument } from "../../../../src/doors/http/document/openApiDocument.ts";
import { PROBLEM_TYPE, problemSchema, type Problem } from "../../../../src/doors/http/pipeline/problems.ts";
import type { AnyRoute } from "../../../../src/doors/http/pipeline/route.ts";
import { ROUTES } from "../../../../src/doors/http/routes.ts";
import { jsonIn, type Reply } from "./ask.ts";

/** The document that clients are made of. */
export const DOCUMENT = openApiDocument(ROUTES);
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function routeOf(operationId: string): AnyRoute {
  const found = ROUTES.find((route) => route.operationId === operationId);
  if (!found) throw new Error(`There is no route ${operationId}.`);
  return found;
}

/** `{name*}` as the document spells it. */
export const documentPath = (route: AnyRoute): string => route.path.replaceAll("*}", "}");

/**
 * Holds an answer against the route's own schemas and the document: its status is announced, its members are
 * those of the schema and no others.
 */
export function expectContract(route: AnyRoute, reply: Reply): void {
  const { status, headers } = reply;
  const documented = DOCUMENT.paths?.[documentPath(route)]?.[route.method]?.responses ?? {};
  const told = `${route.operationId} ${String(status)} ${reply.bytes.subarray(0, 500).toString("utf8")}`;
  const own = route.answers[String(status)];
  if (status === 304) return;
  expect(Object.keys(documented), told).toContain(String(status));
  if (status >= 400 && own?.json === undefined) {
    expectProblem(reply);
    return;
  }
  expect(headers["x-request-id"], told).toMatch(UUID);
  if (own?.json) {
    expect(headers["content-type"], told).toBe("application/json; charset=utf-8");
    const json = jsonIn(reply);
    // Unknown members are dropped by the schema, so an equal result has none.
    expect(own.json.parse(json), told).toEqual(json);
  } else if (own?.media === undefined) expect(reply.bytes, told).toHaveLength(0);
}

/** Holds a refusal against RFC 9457 as we write it. */
export function expectProblem(reply: Reply): Problem {
  const told = `${String(reply.status)} ${reply.bytes.subarray(0, 500).toString("utf8")}`;
  expect(reply.headers["content-type"]?.split(";")[0], told).toBe(PROBLEM_TYPE);
  expect(reply.headers["x-request-id"], told).toMatch(UUID);
  const problem = problemSchema.strict().parse(jsonIn(reply));
  expect(problem.status, told).toBe(reply.status);
  expect(problem.type).toBe(`urn:microtonne:problem:${problem.code}`);
  expect(problem.code, told).toMatch(/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
  expect(problem.detail, told).toMatch(/\S/);
  // A kept answer carries the id of the request that it was first given to.
  if (reply.headers["idempotency-replayed"] === undefined)
    expect(problem.requestId).toBe(reply.headers["x-request-id"]);
  return problem;
}
