import { expect, it } from "vitest";
import { parseRegionalRules } from "../../../../src/stages/plausibility/parseRegionalRules.ts";

it("bounds that break their schema are refused with the field", () => {
  expect(() => parseRegionalRules({ region: "x" })).toThrow(
    expect.objectContaining({
      code: "plausibility.malformed",
      message: expect.stringMatching(/^The plausibility rules breaks its schema at \w+/) as unknown,
    }),
  );
});
