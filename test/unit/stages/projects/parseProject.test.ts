import { describe, expect, it } from "vitest";
import { parseProject } from "../../../../src/stages/projects/parseProject.ts";

const FILE = {
  schema: "microtonne-project/1",
  id: "roof-pv",
  name: "Roofs",
  region: "NEWCITY",
  scenario: "pv-generation",
  creditingPeriod: { firstDay: "2025-01-01", lastDay: "2025-12-31" },
  capacity: { value: "0.8", unit: "MW" },
  place: "NEWCITY",
  installations: { kind: "meter", count: 2 },
  baselineHash: `0x${"b1".repeat(32)}`,
  ownerHash: `0x${"0e".repeat(32)}`,
  notUnderEts: { statementHash: `0x${"e7".repeat(32)}` },
  excludes: ["bike", "ev-charging"],
  noticeDays: 14,
};
const code = (value: unknown): string | null => {
  try {
    parseProject(value);
    return null;
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe("a project's file", () => {
  it("says all that a project's standing depends on, and is kept whole", () => {
    const project = parseProject(FILE);
    expect(project).toMatchObject({
      id: "roof-pv",
      creditingPeriod: { startDay: 20_089, endDay: 20_453 },
      installationKind: "meter",
      excludes: ["bike", "ev-charging"],
    });
    expect(JSON.parse(project.json)).toEqual(FILE);
    expect(parseProject(JSON.parse(project.json))).toEqual(project);
  });

  it("needs every member and takes no other", () => {
    for (const member of Object.keys(FILE))
      expect(code({ ...FILE, [member]: undefined })).toBe("project.schema");
    expect(code({ ...FILE, address: "1 Road" })).toBe("project.schema");
    expect(code({ ...FILE, installations: { kind: "meter", count: 2, addresses: ["1 Road"] } })).toBe(
      "project.schema",
    );
    expect([null, [], "x", 1].map((value) => code(value))).toEqual(Array(4).fill("project.schema"));
  });

  it.each([
    ["a day that is none", { creditingPeriod: { firstDay: "2025-02-30", lastDay: "2025-12-31" } }],
    [
      "a period that ends before it begins",
      { creditingPeriod: { firstDay: "2025-02-02", lastDay: "2025-02-01" } },
    ],
    ["no capacity", { capacity: { value: "0", unit: "MW" } }],
    ["a capacity that is not plain", { capacity: { value: "1e3", unit: "MW" } }],
    ["a unit of its own", { capacity: { value: "1", unit: "GW" } }],
    ["classes out of order", { excludes: ["ev-charging", "bike"] }],
    ["a class twice", { excludes: ["bike", "bike"] }],
    ["no installation", { installations: { kind: "meter", count: 0 } }],
    ["no notice", { noticeDays: 0 }],
    ["a name with space at its end", { name: "Roofs " }],
    ["a hash that is none", { baselineHash: "0xB1" }],
    ["another schema", { schema: "microtonne-project/2" }],
  ])("is refused with %s", (_what, change) => {
    expect(code({ ...FILE, ...change })).toBe("project.schema");
  });
});
