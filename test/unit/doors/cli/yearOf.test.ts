import { describe, expect, it } from "vitest";
import { yearOf } from "../../../../src/doors/cli/yearOf.ts";

describe("an option that is a year", () => {
  const vintage = yearOf("A vintage", 2000, 2099);

  it.each([["2000"], ["2025"], ["2099"]])("may be %s", (text) => {
    expect(vintage(text)).toBe(Number(text));
  });

  it.each([["1999"], ["2100"], ["02025"], ["2e3"], [" 2025"], ["2025\n"], ["٢٠٢٥"], ["-2025"], [""]])(
    "is not %j",
    (text) => {
      expect(() => vintage(text)).toThrowError(
        expect.objectContaining({ code: "year.malformed", message: "A vintage is a year such as 2025." }),
      );
    },
  );
});
