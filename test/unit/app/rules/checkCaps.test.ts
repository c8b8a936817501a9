import { describe, expect, it } from "vitest";
import { checkRule } from "../../../../src/app/rules/checkRule.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { MethodologyCaps } from "../../../../src/base/types/methodology.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";

const check = (caps: Partial<MethodologyCaps> | Record<string, string>) =>
  checkRule(
    {
      name: "rule.json",
      bytes: utf8(
        JSON.stringify(
          sampleMethodology({
            rule: { kind: "linear", gramsPerUnit: "700.0005" },
            caps: { ...sampleMethodology().caps, ...caps },
          }),
        ),
      ),
    },
    ["methodology"],
    0 as UnixSeconds,
  );

describe("caps in a methodology's file", () => {
  it("are said in words, with an example that keeps to them", () => {
    const { says } = check({ gramsPerSubjectDay: "600.001", gramsPerProgrammeYear: "9007199254740993" });
    expect(says).toContain(
      "At most count: 600.001 g of a subject's day, 9007199254740993 g of the whole programme's year.",
    );
    expect(says.join(" ")).toContain("the act that reaches a cap counts in part");
    expect(says.join(" ")).toContain("An act that names no subject counts for nothing");
    expect(says.join(" ")).toContain("The programme's year is one operator's");
    expect(says.join(" ")).toContain("an act of 1 kWh earns 600001 mg, 600.001 g.");
    const ofAll = check({ gramsPerProgrammeYear: "1000" }).says.join(" ");
    expect(ofAll).toContain("earns 700000 mg");
    expect(ofAll).not.toContain("names no subject");
    expect(check({}).says).toContain("No cap: an act counts in full.");
  });

  it.each([
    ["nothing", { gramsPerSubjectDay: "0" }, "methodology.malformed", "caps.gramsPerSubjectDay"],
    ["less than nothing", { gramsPerSubjectYear: "-1" }, "methodology.malformed", "caps.gramsPerSubjectYear"],
    ["parts of a milligram", { gramsPerSubjectYear: "0.0001" }, "methodology.malformed", "3 places"],
    [
      "more than a leaf holds",
      { gramsPerProgrammeYear: "9223372036854775.808" },
      "methodology.cap-too-large",
      '"caps.gramsPerProgrammeYear" is 9223372036854775.808 g',
    ],
    ["another unit", { kilogramsPerSubjectDay: "1" }, "methodology.malformed", "kilogramsPerSubjectDay"],
    ["another period", { gramsPerSubjectWeek: "1" }, "methodology.malformed", "gramsPerSubjectWeek"],
  ] as [string, Record<string, string>, string, string][])(
    "of %s are refused by name",
    (_, caps, code, what) => {
      expect(() => check(caps)).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(what) as string }) as Error,
      );
    },
  );

  it("of the most that a leaf holds are taken", () => {
    expect(check({ gramsPerSubjectDay: "9223372036854775.807" }).name).toBe("TEST-VECTOR@1");
  });
});
