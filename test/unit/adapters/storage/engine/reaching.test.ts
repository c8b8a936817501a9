import { describe, expect, it } from "vitest";
import { reaching } from "../../../../../src/adapters/storage/engine/reaching.ts";
import { UnavailableError } from "../../../../../src/base/errors/errors.ts";

const failing = (code: string) => {
  const cause = Object.assign(new Error("x"), { code });
  return { cause, thrown: reaching(() => Promise.reject(cause)).catch((error: unknown) => error) };
};

describe("a call of a server", () => {
  it("answers as the server does", async () => {
    expect(await reaching(() => Promise.resolve(7))).toBe(7);
  });

  it("says where the server is away, and where it cut a statement short", async () => {
    for (const [code, told, message] of [
      [
        "08006",
        "storage.unavailable",
        "The database can't be reached or closed the connection. See that it runs, then run the command " +
          "again: it goes on where it was.",
      ],
      [
        "57014",
        "storage.cut-short",
        "The database ended a statement that took longer than its settings let it, or somebody cancelled " +
          "it. Give the program's role more time (ALTER ROLE … SET statement_timeout = 0; lock_timeout, " +
          "idle_in_transaction_session_timeout and transaction_timeout likewise), then run the command " +
          "again: it goes on where it was.",
      ],
    ] as const) {
      const { cause, thrown } = failing(code);
      expect(await thrown).toBeInstanceOf(UnavailableError);
      expect(await thrown).toMatchObject({ code: told, message, cause });
    }
  });

  it("passes on what is neither", async () => {
    const { cause, thrown } = failing("23505");
    expect(await thrown).toBe(cause);
  });
});
