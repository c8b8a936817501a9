import { expect, it } from "vitest";
import { StateError, UnknownError, UsageError } from "../../../../../src/base/errors/errors.ts";
import { TusError } from "../../../../../src/doors/http/pipeline/httpError.ts";
import { problemFor } from "../../../../../src/doors/http/pipeline/problems.ts";
import { SchemaError } from "../../../../../src/doors/http/pipeline/schemaError.ts";

it("a problem names kind, status and request, and what was not foreseen shows nothing of itself", () => {
  const config = { folder: "/data/of/mine" };
  const error = new UnknownError("batch.unknown", "There is no batch in /data/of/mine.");
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
  expect(problemFor(new TusError(599, "No.", {}), "id", config).title).toBe("Error");
});

it("a broken schema is told by its first three fields, and listed to the twentieth", () => {
  const errors = Array.from({ length: 21 }, (_, i) => ({ path: `body.f${String(i)}`, message: "no" }));
  const error = new SchemaError(errors);
  expect(error.message).toBe("The request breaks its schema at body.f0: no; body.f1: no; body.f2: no.");
  expect(error.errors).toEqual(errors.slice(0, 20));
  expect(problemFor(error, "id", { folder: "" })).toMatchObject({ status: 400, code: "request.schema" });
});

it("says what to do in routes behind what was wrong", () => {
  const error = new UsageError("batch.ambiguous", "No.", { remedy: { act: "list-batches" } });
  expect(problemFor(error, "id", { folder: "" }).detail).toBe("No. `GET /v1/batches` shows all.");
});

it("tells no path of the machine", () => {
  const error = new StateError(
    "x.y",
    "Look into /srv/microtonne/archive/0xab/manifest.json, then come again.",
  );
  expect(problemFor(error, "id", { folder: "/srv/microtonne" }).detail).toBe(
    "Look into a file of the service, then come again.",
  );
});
