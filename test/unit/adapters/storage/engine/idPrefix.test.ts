import { describe, expect, it } from "vitest";
import { idPrefix } from "../../../../../src/adapters/storage/engine/idPrefix.ts";
import { UsageError } from "../../../../../src/base/errors/errors.ts";

describe("the beginning of an id", () => {
  it.each([
    ["0", "0"],
    ["aF9", "af9"],
    ["0xAB", "ab"],
    ["0Xab", "ab"],
    ["f".repeat(64), "f".repeat(64)],
    [`0x${"f".repeat(64)}`, "f".repeat(64)],
  ])("%s is read", (text, digits) => {
    expect(idPrefix(text)).toBe(digits);
  });

  it.each(["", "0x", "g", "ab ", " ab", "a-b", "0x0xab", "f".repeat(65)])("%j is refused", (text) => {
    expect(() => idPrefix(text)).toThrow(UsageError);
    expect(() => idPrefix(text)).toThrow(
      expect.objectContaining({
        code: "id.prefix",
        message: `${JSON.stringify(text)} is no id: give 1 to 64 hex digits, with or without 0x.`,
      }) as Error,
    );
  });

  it("is repeated up to eighty characters", () => {
    expect(() => idPrefix("g".repeat(90))).toThrow(`"${"g".repeat(80)}" is no id`);
  });
});
