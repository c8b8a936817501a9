import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parseTerms } from "../../../../src/app/network/parseTerms.ts";

const EXAMPLE = readFileSync("deployments/example.terms.json", "utf8");

describe("a file of terms", () => {
  it.each([
    ["is no JSON", "{", "no JSON"],
    ["says one thing twice", EXAMPLE.replace("{", '{"chainId":1,'), '"chainId" twice'],
    ["says what terms don't", '{"odd":1}', "The terms file is refused at"],
    ["goes deeper than any terms", `${"[".repeat(40)}${"]".repeat(40)}`, "levels deep"],
  ])("that %s is refused", (_, text, said) => {
    expect(() => parseTerms(text)).toThrow(
      expect.objectContaining({
        code: "terms.malformed",
        message: expect.stringContaining(said) as string,
      }) as Error,
    );
  });
});
