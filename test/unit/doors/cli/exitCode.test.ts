import { describe, expect, it } from "vitest";
import {
  CheckFailedError,
  InputError,
  StateError,
  UnavailableError,
  UsageError,
} from "../../../../src/base/errors/errors.ts";
import { exitCodeOf } from "../../../../src/doors/cli/exitCode.ts";

describe("exit codes", () => {
  it.each([
    [new UsageError("x", "x"), 2],
    [new InputError("x", "x"), 1],
    [new CheckFailedError("x", "x"), 1],
    [new StateError("x", "x"), 1],
    [new UnavailableError("x", "x"), 3],
    [new Error("x"), 3],
    ["thrown text", 3],
  ])("%s ends in %i", (error, code) => {
    expect(exitCodeOf(error)).toBe(code);
  });
});
