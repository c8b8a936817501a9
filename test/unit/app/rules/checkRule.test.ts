import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { checkRule } from "../../../../src/app/rules/checkRule.ts";
import { shippedBeside } from "../../../../src/app/rules/rulesBeside.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { publishedClasses, classesContent } from "../../../../src/stages/rules/classesContent.ts";
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

const CLASSES = {
  schema: "microtonne-scenario-classes/1",
  region: "NIEBLA",
  version: 3,
  classes: [...LISTED_CLASSES, { code: 9, name: "cable-car", unit: "passenger-km" }],
};
const BOUNDS = {
  schema: "microtonne-regional-plausibility/1",
  region: "NIEBLA",
  version: 1,
  timeZone: "America/Santiago",
  validFrom: "2025-01-01",
  classes: [
    {
      scenario: "cable-car",
      act: {
        quantity: { max: "6", source: "The line is 5.2 km long." },
        seconds: { max: 3600, source: "Ours." },
      },
      day: { acts: { max: 12, source: "Ours: a pass." } },
    },
  ],
};
const NOW = 1_800_000_000 as UnixSeconds;
const fileOf = (rule: object) => ({ name: "rule.json", bytes: utf8(JSON.stringify(rule)) });

it("says which classes a list adds, without days", () => {
  const { says, warnings } = checkRule(fileOf(CLASSES), ["scenario-classes"], NOW);
  expect(says).toEqual([
    "It lists 9 scenario classes, 1 more than scenario-classes:SHIPPED@2.",
    "New: code 9, cable-car, counted in passenger-km.",
    "It stands from its publication on, for good.",
  ]);
  expect(warnings).toEqual([]);
});

it("says each bound with its source, and what comes first where the class is in no list", () => {
  const classLists = SHIPPED_CLASS_LISTS.with(publishedClasses(classesContent(CLASSES)));
  const { says } = checkRule(fileOf(BOUNDS), ["plausibility"], NOW, { ...shippedBeside(), classLists });
  expect(says).toEqual([
    "cable-car: an act comes to at most 6 passenger-km. Source: The line is 5.2 km long.",
    "cable-car: an act lasts at most 3600 seconds. Source: Ours.",
    "cable-car: a subject has at most 12 acts on one local day. Source: Ours: a pass.",
    "What it does not name stays in NIEBLA as it ships.",
    "It binds acts that start from 2025-01-01T03:00:00Z on, until its next version begins; days are those " +
      "of America/Santiago.",
  ]);
  expect(() => checkRule(fileOf(BOUNDS), ["plausibility"], NOW)).toThrowError(
    expect.objectContaining({
      code: "plausibility.rules",
      message: expect.stringMatching(/Classes come first\.$/) as string,
      remedy: { act: "add-class-list" },
    }),
  );
});

it("warns of a beginning in the past but in a rehearsal, which publishes it", () => {
  const warnings = (rehearsal: boolean): readonly string[] =>
    checkRule(fileOf(PRESET), ["methodology"], NOW, { ...shippedBeside(), rehearsal }).warnings;
  expect(warnings(false)).toContainEqual(expect.stringContaining("which is past"));
  expect(warnings(true)).not.toContainEqual(expect.stringContaining("which is past"));
});

it("counts of a saving the act that saves just enough", () => {
  const saving = (leastBps: number, floorUnits: string): string | undefined => {
    const rule = { kind: "saving", reference: "reference-kwh", leastBps, floorUnits, gramsPerUnit: "390" };
    const { says } = checkRule(fileOf({ ...PRESET, rule }), ["methodology"], NOW);
    return says.find((one) => one.startsWith("Example"));
  };
  expect(saving(1000, "0")).toContain("an act of 90 kWh with reference-kwh 100 earns 3900000 mg, 3900 g.");
  expect(saving(1000, "25")).toContain("an act of 225 kWh with reference-kwh 250 earns 9750000 mg, 9750 g.");
});
