import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { checkRule } from "../../../../src/app/rules/checkRule.ts";
import { shippedBeside } from "../../../../src/app/rules/rulesBeside.ts";
import { describeRules, describeWholeRule } from "../../../../src/app/rules/describeRule.ts";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import {
  parseClassListFile,
  publishedClassesOf,
} from "../../../../src/format/batch/classes/classListFile.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { LISTED_CLASSES } from "../../../../src/format/batch/classes/scenarioClasses.ts";

const KINDS = ["scenario-classes", "plausibility", "recognition"] as const;
const guide = readFileSync("docs/rules.md", "utf8");
const examples = [...guide.matchAll(/```json\n(.*?)\n```/gs)].map(([, text = ""]) => text);
const list = examples.find((text) => text.includes("microtonne-scenario-classes/1")) ?? "";

describe("the guide to rules", () => {
  it("shows files that can be published as they stand", () => {
    const classLists = SHIPPED_CLASS_LISTS.with(publishedClassesOf(parseClassListFile(JSON.parse(list))));
    const beside = { ...shippedBeside(), classLists };
    const names = examples.map((text) => {
      const file = { name: "example.json", bytes: utf8(text) };
      const checked = checkRule(file, KINDS, 0 as UnixSeconds, beside);
      expect(checked).toMatchObject({ warnings: [], refusal: null });
      return checked.name;
    });
    expect(names).toEqual([
      "scenario-classes:OURCITY@3",
      "plausibility:OURCITY@1",
      "plausibility:OURCITY@1",
      "recognition:GD@1",
    ]);
  });

  it("names the list that ships, which is there without a folder", async () => {
    const [name = ""] = /scenario-classes:SHIPPED@\d+/.exec(guide) ?? [];
    expect(await describeRules(null, KINDS)).toMatchObject([{ name, state: "shipped" }]);
    const { content } = await describeWholeRule(null, name, KINDS);
    expect(content).toMatchObject({ classes: LISTED_CLASSES });
    await expect(describeWholeRule(null, "plausibility:OURCITY@1", KINDS)).rejects.toMatchObject({
      code: "rules.unknown",
    });
  });
});
