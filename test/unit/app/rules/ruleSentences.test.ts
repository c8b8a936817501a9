import { globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { expect, it } from "vitest";
import { checkRule } from "../../../../src/app/rules/checkRule.ts";
import { shippedBeside } from "../../../../src/app/rules/rulesBeside.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";
import { classesContent, publishedClasses } from "../../../../src/stages/rules/classesContent.ts";

const FOLDER = "src/stages/quantify/methodologies";
/** 2026-01-01T00:00:00Z */
const NOW = 1_767_225_600 as UnixSeconds;
const preset = (name: string) =>
  JSON.parse(readFileSync(`${FOLDER}/${name}.json`, "utf8")) as Record<string, unknown>;
const SEOUL = preset("test-seoul-saving");
const seoul = (more: object): object => ({ ...SEOUL, ...more });
const rows = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ value: `kind-${String(at)}`, gramsPerUnit: String(at + 1) }));
const TABLE = { kind: "table", by: { attribute: "vehicle" }, rows: rows(5) };
const MANY_CLASSES = (more: number) => ({
  schema: "microtonne-scenario-classes/1",
  region: "NIEBLA",
  version: 3,
  classes: [
    ...LISTED_CLASSES,
    ...Array.from({ length: more }, (_, at) => ({ code: 100 + at, name: `own-${String(at)}`, unit: "trip" })),
  ],
});
const BOUND = { source: "Ours." };
const BOUNDS = {
  schema: "microtonne-regional-plausibility/1",
  region: "NIEBLA",
  version: 1,
  timeZone: "America/Santiago",
  validFrom: "2026-06-01",
  classes: [
    {
      scenario: "metro",
      act: {
        quantity: { max: "60", ...BOUND },
        seconds: { max: 7200, ...BOUND },
        speed: { maxKmh: "90", ...BOUND },
        hours: { from: "05:00", to: "23:30", ...BOUND },
      },
      day: {
        acts: { max: 12, ...BOUND },
        quantity: { max: "200", ...BOUND },
        gapSeconds: { min: 60, ...BOUND },
      },
    },
    { scenario: "ev-charging", act: { power: { maxKw: "350", ...BOUND } } },
  ],
};
const RECOGNITION = {
  id: "neighbour",
  issuers: ["WUHAN", "YICHANG"],
  methodologies: null,
  vintages: { first: 2024, last: 2026 },
  purposes: null,
  validFrom: "2025-01-01",
  validTo: "2025-12-31",
  discountBps: 0,
  source: "Order 7.",
};
const matrix = (...rules: object[]) => ({
  schema: "microtonne-recognition/1",
  authority: "NIEBLA",
  version: 1,
  validFrom: "2026-06-01T00:00Z",
  rules,
});
const named = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ ...RECOGNITION, id: `rule-${String(at)}` }));

const PRESETS = globSync(`${FOLDER}/*.json`)
  .toSorted()
  .map((path) => basename(path, ".json"));
/** The list that ships, and the classes besides that presets are of. */
function withClassesOf(presets: readonly string[]): object {
  const list = MANY_CLASSES(0);
  const units = new Map(presets.map(preset).map(({ scenario, unit }) => [String(scenario), String(unit)]));
  for (const { name } of LISTED_CLASSES) units.delete(name);
  const more = [...units].map(([name, unit], at) => ({ code: 50 + at, name, unit }));
  return { ...list, classes: [...list.classes, ...more] };
}

/** Files by what is in them. */
const FILES: Readonly<Record<string, object>> = {
  ...Object.fromEntries(PRESETS.map((name) => [name, preset(name)])),
  "a table of five rows": seoul({ rule: TABLE }),
  "a table of seven rows": seoul({ rule: { ...TABLE, rows: rows(7) } }),
  "a table by the month": seoul({
    rule: { kind: "table", by: "month", rows: [{ value: "2025-01", gramsPerUnit: "1.5" }] },
  }),
  "conditions of each kind": seoul({
    predicates: [
      { attribute: "age", atMost: "5" },
      { attribute: "capacity", atLeast: "0.5" },
      { attribute: "fuel", oneOf: ["diesel", "petrol"] },
      { attribute: "installed", notBefore: "2024-01-01" },
      { attribute: "retired", notAfter: "2030-01-01" },
    ],
    deductions: [
      { reason: "leakage", bps: 250 },
      { reason: "rebound", bps: 1 },
    ],
  }),
  "signatures of anybody": seoul({ signatures: { least: 1, of: null } }),
  "no signatures": seoul({ signatures: null }),
  behaviour: seoul({ category: "behaviour" }),
  "a saving above a floor": seoul({
    rule: {
      kind: "saving",
      reference: "reference-kwh",
      leastBps: 10_000,
      floorUnits: "11",
      gramsPerUnit: "1",
    },
  }),
  "no class more": MANY_CLASSES(0),
  "twenty classes more": MANY_CLASSES(20),
  "twenty-two classes more": MANY_CLASSES(22),
  "a list of its own": { ...MANY_CLASSES(1), version: 1 },
  "bounds of each kind": BOUNDS,
  "recognition of nobody": matrix(),
  "recognition of some": matrix(RECOGNITION, {
    ...RECOGNITION,
    id: "stranger",
    methodologies: ["WUHAN-BUS"],
    vintages: { first: 2025, last: 2025 },
    purposes: ["event-neutrality"],
    discountBps: 1250,
  }),
  "recognition by twenty rules": matrix(...named(20)),
  "recognition by twenty-one": matrix(...named(21)),
};

/** What is said changes when somebody means it to: without the file beside this one a run writes it anew. */
it("says of each kind of rule what it does, in whole sentences", async () => {
  const beside = {
    ...shippedBeside(),
    classLists: SHIPPED_CLASS_LISTS.with(publishedClasses(classesContent(withClassesOf(PRESETS)))),
  };
  const kinds = ["methodology", "scenario-classes", "plausibility", "recognition"] as const;
  const told = Object.entries(FILES).map(([name, rule]) => {
    const lines = (() => {
      try {
        const checked = checkRule(
          { name: "rule.json", bytes: utf8(JSON.stringify(rule)) },
          kinds,
          NOW,
          beside,
        );
        return [
          `${checked.kind} ${checked.name} ${checked.region} ${checked.id}`,
          ...checked.says,
          ...checked.warnings.map((warning) => `WARNING ${warning}`),
          ...(checked.refusal ? [`REFUSED ${checked.refusal.code}: ${checked.refusal.message}`] : []),
        ];
      } catch (error) {
        return [`FAULT ${(error as { code: string }).code}: ${(error as Error).message}`];
      }
    })();
    return [`# ${name}`, ...lines, ""].join("\n");
  });
  await expect(told.join("\n")).toMatchFileSnapshot("ruleSentences.snap");
});
