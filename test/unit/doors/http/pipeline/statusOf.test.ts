import { expect, it } from "vitest";
import {
  CheckFailedError,
  InputError,
  LimitError,
  StateError,
  UnavailableError,
  UnknownError,
  UsageError,
} from "../../../../../src/base/errors/errors.ts";
import { HttpError, TusError } from "../../../../../src/doors/http/pipeline/httpError.ts";
import { statusOf } from "../../../../../src/doors/http/pipeline/statusOf.ts";

it.each([
  [new UnknownError("batch.unknown", "No."), 404],
  [new UsageError("batch.ambiguous", "No."), 400],
  [new InputError("row.malformed", "No."), 422],
  [new InputError("input.over-cap", "No."), 413],
  [new InputError("request.rows", "No."), 413],
  [new StateError("project.unknown", "No."), 409],
  [new StateError("record.not-in-batch", "No."), 404],
  [new CheckFailedError("archive.leaf", "No."), 422],
  [new UnavailableError("chain.unreachable", "No."), 503],
  [new LimitError("limit.bodies", "No."), 429],
  [new HttpError("limit.requests", "No."), 429],
  [new HttpError("limit.unauthenticated", "No."), 429],
  [new HttpError("access.role", "No."), 403],
  [new HttpError("access.unauthenticated", "No."), 401],
  [new HttpError("request.pipelined", "No."), 400],
  [new TusError(412, "No.", {}), 412],
  [new Error("No."), 500],
  ["No.", 500],
])("an error has the status of its code or its class: %s", (error, status) => {
  expect(statusOf(error)).toBe(status);
});
