import { expect, it } from "vitest";
import { failureOf } from "../../../../../src/adapters/storage/queue/failureOf.ts";
import { StateError } from "../../../../../src/base/errors/errors.ts";

it("what is kept of a job's error is its code, and no word of an error that is not ours", () => {
  const ours = failureOf(new StateError("closing.unknown", "secret"));
  expect([ours.code, ours.message, ours.stack]).toEqual(["closing.unknown", "closing.unknown", undefined]);
  for (const other of [Object.assign(new Error("secret"), { code: "secret" }), "secret", null])
    expect(failureOf(other)).toMatchObject({ code: "internal", message: "internal" });
});
