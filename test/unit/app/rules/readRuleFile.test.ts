import { describe, expect, it } from "vitest";
import { utf8 } from "../../../../src/base/lib/bytes.ts";
import { readRuleFile } from "../../../../src/app/rules/readRuleFile.ts";
import { SHIPPED_CLASS_LISTS } from "../../../../src/format/batch/classes/classLists.ts";
import { parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { attributeValue } from "../../../../src/format/batch/methodologies/attributes.ts";

const FIRST = {
  schema: "microtonne-methodology/1",
  code: "CITY-EV",
  version: "1",
  title: "x",
  region: "CITY",
  timeZone: "Asia/Shanghai",
  source: "x",
  scenario: "ev-charging",
  unit: "kWh",
  gramsPerUnit: "1",
  validFrom: "2027-06-01",
  validTo: "2027-12-31",
  caps: { unitsPerAct: null as string | null },
};
const read = (file: unknown) => () =>
  readRuleFile({ name: "rule.json", bytes: utf8(JSON.stringify(file)) }, ["methodology"], {
    classLists: SHIPPED_CLASS_LISTS,
  });

describe("a rule's file that comes in", () => {
  it.each([
    ["NUL", "A\u0000B"],
    ["an escape", "Fine\u001b[2K spoof"],
    ["a line", "a\nb"],
    ["C1", "a\u009bb"],
    ["an override of the direction", "x\u202eevil"],
    ["an isolate", "x\u2066evil"],
  ])("has no %s in its texts, which old manifests may have", (_what, title) => {
    expect(read({ ...FIRST, title })).toThrow(expect.objectContaining({ code: "rules.text" }));
    expect(read({ ...FIRST, title })).not.toThrow(title);
    expect(parseMethodology({ ...FIRST, title }).title).toBe(title);
    expect(attributeValue.safeParse(title).success).toBe(false);
  });

  it("is refused where no folder could be opened with it", () => {
    expect(read({ ...FIRST, caps: { unitsPerAct: "0.12345678" } })).toThrow(
      expect.objectContaining({ code: "decimal.too-precise" }),
    );
  });

  it("of another schema is told which one to write, and no more of its own than sixty characters", () => {
    const told = (schema: string) => read({ ...FIRST, schema });
    expect(told("x".repeat(61))).toThrow(
      `rule.json has the schema "${"x".repeat(60)}"; write microtonne-methodology/<version> into its`,
    );
    expect(read([])).toThrow('rule.json has the schema "none"');
    expect(read(null)).toThrow('rule.json has the schema "none"');
  });

  it("may be in any script", () => {
    expect(read({ ...FIRST, title: "北京 – métro, שלום" })().name).toBe("CITY-EV");
  });
});
