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

describe("the terms of a network", () => {
  interface Terms {
    [field: string]: unknown;
    disputes: Record<string, unknown>;
    cash: Record<string, unknown>;
    roles: Record<string, { members: string[]; delaySeconds: number }>;
  }
  const terms = JSON.parse(EXAMPLE) as Terms;
  const parsed = (change: (of: Terms) => void) => {
    const changed = structuredClone(terms);
    change(changed);
    return () => parseTerms(JSON.stringify(changed));
  };
  const set = (path: string, value: unknown) =>
    parsed((of) => {
      const names = path.split(".");
      const last = names.pop() ?? "";
      const place = names.reduce<Record<string, unknown>>(
        (at, name) => at[name] as Record<string, unknown>,
        of as Record<string, unknown>,
      );
      place[last] = value;
    });

  it.each([
    ["chainId", 1, [0, 1.5]],
    ["adminDelaySeconds", 0, [-1]],
    ["adminDelaySeconds", 4_294_967_295, [4_294_967_296]],
    ["verifierThreshold", 1, [0]],
    ["verifierThreshold", 255, [256]],
    ["guardianThreshold", 1, [0]],
    ["guardianThreshold", 255, [256]],
    ["challengeWindowSeconds", 0, [-1]],
    ["challengeWindowSeconds", 16_777_215, [16_777_216]],
    ["objectionSeconds", 4_294_967_295, [4_294_967_296]],
    ["disputes.responseSeconds", 4_294_967_295, [4_294_967_296]],
    ["disputes.doubleClaimBond", "72057594037927935", ["72057594037927936", "-1", "01", 1]],
    ["disputes.openGramBond", "0", ["72057594037927936", "0.5"]],
    ["cash.name", "x".repeat(64), ["", "x".repeat(65)]],
    ["cash.symbol", "A-9", ["", "a", "A".repeat(17)]],
    ["network", "a-9", ["A", "x".repeat(65)]],
    ["creditUri", "https://a.example/", ["https://a.example", "a/"]],
    ["schema", "microtonne-terms/1", ["microtonne-terms/2"]],
    ["admin", `0x${"0f".repeat(20)}`, [`0x${"0f".repeat(19)}`]],
  ] as [string, unknown, unknown[]][])("take of %s %j, and not %j", (path, good, bad) => {
    expect(set(path, good)).not.toThrow();
    for (const value of bad) expect(set(path, value)).toThrow(`The terms file is refused at ${path}: `);
  });

  it("have a member for each role, and addresses in lower case", () => {
    const [name = ""] = Object.keys(terms.roles);
    expect(set(`roles.${name}.members`, [])).toThrow(`at roles.${name}.members`);
    const member = `0x${"AB".repeat(20)}`;
    expect(set(`roles.${name}.members`, [member])().roles).toMatchObject({
      [name]: { members: [member.toLowerCase()] },
    });
    expect(parsed((of) => delete of.roles[name])).toThrow(`at roles.${name}`);
    expect(set("roles.king", { members: [member], delaySeconds: 0 })).toThrow("at roles");
  });
});
