import { expect, it } from "vitest";
import {
  CheckFailedError,
  InputError,
  StateError,
  UnavailableError,
  UsageError,
} from "../../../../../src/base/errors/errors.ts";
import { HttpError } from "../../../../../src/doors/http/pipeline/httpError.ts";
import { problemFor, statusOf } from "../../../../../src/doors/http/pipeline/problems.ts";
import { SchemaError } from "../../../../../src/doors/http/pipeline/schemaError.ts";

it.each([
  [new UsageError("batch.unknown", "No."), 404],
  [new UsageError("batch.ambiguous", "No."), 400],
  [new InputError("row.malformed", "No."), 422],
  [new InputError("input.over-cap", "No."), 413],
  [new InputError("request.rows", "No."), 413],
  [new StateError("batch.unknown", "No."), 409],
  [new CheckFailedError("archive.leaf", "No."), 422],
  [new UnavailableError("chain.unreachable", "No."), 503],
  [new UnavailableError("limit.bodies", "No."), 429],
  [new UnavailableError("storage.limit", "No."), 503],
  [new HttpError(418, "tea.pot", "No."), 418],
  [new Error("No."), 500],
  ["No.", 500],
])("an error has the status of its class: %s", (error, status) => {
  expect(statusOf(error)).toBe(status);
});

it("a problem names kind, status and request, and what was not foreseen shows nothing of itself", () => {
  const config = { folder: "/data/of/mine" };
  const error = new UsageError("batch.unknown", "There is no batch in /data/of/mine.");
  expect(problemFor(error, "id", config, { errors: [] })).toEqual({
    type: "urn:microtonne:problem:batch.unknown",
    title: "Not Found",
    status: 404,
    code: "batch.unknown",
    detail: expect.not.stringContaining("/data/of/mine") as string,
    requestId: "id",
    errors: [],
  });
  expect(problemFor(new Error("secret"), "id", config)).toMatchObject({
    title: "Internal Server Error",
    code: "unexpected",
    detail: expect.not.stringContaining("secret") as string,
  });
  expect(problemFor(new HttpError(599, "odd.one", "No."), "id", config).title).toBe("Error");
});

it("a broken schema is told by its first three fields, and listed to the twentieth", () => {
  const errors = Array.from({ length: 21 }, (_, i) => ({ path: `body.f${String(i)}`, message: "no" }));
  const error = new SchemaError(errors);
  expect(error.message).toBe("The request breaks its schema at body.f0: no; body.f1: no; body.f2: no.");
  expect(error.errors).toEqual(errors.slice(0, 20));
  expect([error.status, error.code]).toEqual([400, "request.schema"]);
});
