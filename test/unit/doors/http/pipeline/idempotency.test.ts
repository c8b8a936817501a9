import type { Request } from "express";
import { expect, it } from "vitest";
import { idempotencyKeyOf } from "../../../../../src/doors/http/pipeline/idempotency.ts";

const keyOf = (key: string | undefined) =>
  idempotencyKeyOf({ get: (name: string) => (name === "Idempotency-Key" ? key : "x") } as unknown as Request);

it.each([undefined, "!", "~", "a".repeat(255)])("%s is a key, or none at all", (key) => {
  expect(keyOf(key)).toBe(key ?? null);
});

it.each(["", " ", "a b", "a ", " a", "\u007f", "\u00e4", "a".repeat(256)])("%j is no key", (key) => {
  expect(() => keyOf(key)).toThrow(
    expect.objectContaining({
      code: "idempotency.key",
      message: "An Idempotency-Key has 1 to 255 printable ASCII characters without spaces.",
    }),
  );
});
