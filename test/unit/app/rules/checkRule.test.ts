import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkRule } from "../../../../src/app/rules/checkRule.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";

const PRESET = JSON.parse(
  readFileSync("src/stages/quantify/methodologies/test-seoul-saving.json", "utf8"),
) as { signatures: { least: number; of: string[] } };
const [grid = "", meters = ""] = PRESET.signatures.of;

it("warns of a methodology whose attestors are not enough public keys", () => {
  const faults = (of: readonly string[] | null, least = 2): string[] => {
    const bytes = utf8(JSON.stringify({ ...PRESET, signatures: { least, of } }));
    const { warnings } = checkRule({ name: "seoul.json", bytes }, ["methodology"], 0 as UnixSeconds);
    return warnings.filter((warning) => warning.includes("attestors"));
  };
  expect(faults([grid, meters])).toEqual([]);
  expect(faults([grid, "seoul-meters"], 1)).toEqual([]);
  for (const of of [[grid, "seoul-meters"], [grid, "f".repeat(64)], null])
    expect(faults(of)).toEqual([expect.stringContaining("asks for the signatures of 2 attestors")]);
});

it("refuses a methodology that asks for more attestors than a record carries", () => {
  const of = Array.from({ length: 7 }, (_, at) => grid.slice(0, -1) + String(at)).toSorted();
  const check = (least: number) => () =>
    checkRule(
      { name: "seoul.json", bytes: utf8(JSON.stringify({ ...PRESET, signatures: { least, of } })) },
      ["methodology"],
      0 as UnixSeconds,
    );
  expect(check(5)).not.toThrow();
  for (const least of [6, 7])
    expect(check(least)).toThrow(
      expect.objectContaining({
        code: "methodology.too-many-attestors",
        message: expect.stringContaining(
          `"signatures.least" is ${String(least)}, and a record carries at most 5 attestors' signatures`,
        ) as string,
      }) as Error,
    );
});
