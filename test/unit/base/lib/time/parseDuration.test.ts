import { describe, expect, it } from "vitest";
import { parseDuration } from "../../../../../src/base/lib/time/parseDuration.ts";

describe("a length of time", () => {
  it.each([
    ["0s", 0],
    ["90s", 90],
    ["30m", 1800],
    ["24h", 86_400],
    ["7d", 604_800],
  ])("%s is %i seconds", (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each(["", "5", "h", "-1h", "1.5h", "1 h", "1H", "1w", "1h30m", "1234567s"])("is not %j", (text) => {
    expect(() => parseDuration(text)).toThrowError(expect.objectContaining({ code: "time.malformed" }));
  });
});
