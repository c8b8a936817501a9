import { expect, it } from "vitest";
import { parseTerms } from "../../../../src/app/network/parseTerms.ts";

it.each([
  ["{", /^The terms file is no JSON\.$/],
  ['{"odd":1}', /^The terms file is refused at .*: .+\.$/],
])("terms of a network that break their form are refused with the place: %s", (text, told) => {
  expect(() => parseTerms(text)).toThrow(
    expect.objectContaining({ code: "terms.malformed", message: expect.stringMatching(told) as unknown }),
  );
});
