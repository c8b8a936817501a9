import { describe, expect, it } from "vitest";
import { StateError } from "../../../../../src/base/errors/errors.ts";
import {
  hiddenFailure,
  isCutShort,
  isDeadlock,
  isUndefinedTable,
  isUniqueViolation,
  isUnreachable,
} from "../../../../../src/adapters/storage/engine/sqlState.ts";

const failed = (code: unknown, message = "x") => Object.assign(new Error(message), { code });
/** Which questions an error answers with yes. */
const meaning = (error: unknown) =>
  Object.entries({ isUniqueViolation, isUndefinedTable, isDeadlock, isUnreachable, isCutShort })
    .filter(([, asks]) => asks(error))
    .map(([name]) => name);

describe("what an error of either engine means", () => {
  it.each([
    ["23505", ["isUniqueViolation"]],
    ["42P01", ["isUndefinedTable"]],
    ["40P01", ["isDeadlock"]],
    ["40001", ["isDeadlock"]],
    ["57014", ["isCutShort"]],
    ["55P03", ["isCutShort"]],
    ["25P03", ["isCutShort"]],
    ["25P04", ["isCutShort"]],
    ["08006", ["isUnreachable"]],
    ["53100", ["isUnreachable"]],
    ["57P01", ["isUnreachable"]],
    ["58030", ["isUnreachable"]],
    ["ECONNREFUSED", ["isUnreachable"]],
    ["ECONNRESET", ["isUnreachable"]],
    ["EPIPE", ["isUnreachable"]],
    ["ETIMEDOUT", ["isUnreachable"]],
    ["ENOTFOUND", ["isUnreachable"]],
    ["EAI_AGAIN", ["isUnreachable"]],
    ["EHOSTUNREACH", ["isUnreachable"]],
    ["ENETUNREACH", ["isUnreachable"]],
    ["23503", []],
    ["42P02", []],
    ["57000", []],
    ["08", []],
    ["0800x", []],
    ["x08006", []],
    ["XECONNRESET", []],
    ["ENOENT", []],
    ["", []],
    [8006, []],
    [undefined, []],
  ])("is read off its code %s", (code, expected) => {
    expect(meaning(failed(code))).toEqual(expected);
    // What is no error has no code.
    expect(meaning({ code })).toEqual([]);
  });

  it.each([
    ["Connection terminated unexpectedly", true],
    ["timeout exceeded when trying to connect", true],
    ["Client has encountered a connection error and is not queryable", true],
    ["Client was closed and is not queryable", true],
    ["The Connection terminated", false],
    ["Client is busy", false],
  ])("or off the driver's own words: %s", (message, away) => {
    expect(isUnreachable(new Error(message))).toBe(away);
    expect(isUnreachable({ message })).toBe(false);
  });

  it("is nothing of what is no error", () => {
    for (const thrown of [null, undefined, "23505", 5]) expect(meaning(thrown)).toEqual([]);
  });

  it("is a failure of its own where a transaction passed one over", () => {
    const cause = new Error("first");
    expect(hiddenFailure(cause)).toBeInstanceOf(StateError);
    expect(hiddenFailure(cause)).toMatchObject({
      code: "storage.not-committed",
      message:
        "A statement of this transaction failed and the failure was passed over, so nothing of it was kept.",
      cause,
    });
  });
});
