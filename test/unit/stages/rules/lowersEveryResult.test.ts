import { describe, expect, it } from "vitest";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import type { Methodology2 } from "../../../../src/base/types/methodology.ts";
import { lowersEveryResult } from "../../../../src/stages/rules/lowersEveryResult.ts";

type Content = Parameters<typeof lowersEveryResult>[0];
type Other = Parameters<typeof lowersEveryResult>[1][number];
const content = (parts: Partial<Methodology2> = {}, change: object = {}): Content =>
  ({
    id: "next",
    kind: "methodology",
    name: "TEST-VECTOR",
    region: "VECTOR",
    scenario: "ev-charging",
    validFrom: 200,
    validTo: 300,
    json: JSON.stringify(sampleMethodology(parts)),
    ...change,
  }) as unknown as Content;
const other = (parts: Partial<Methodology2> = {}, change: object = {}): Other => ({
  ...content(parts, { id: "before", validFrom: 100, validTo: 200 }),
  state: "published",
  ...change,
});
const lowers = (next: Content, ...before: Other[]) => lowersEveryResult(next, before);
const factor = (gramsPerUnit: string): Partial<Methodology2> => ({ rule: { kind: "linear", gramsPerUnit } });
const caps = (change: object): Partial<Methodology2> => ({
  caps: { ...sampleMethodology().caps, ...change },
});
const deducted = (bps: number, gramsPerUnit = "100"): Partial<Methodology2> => ({
  ...factor(gramsPerUnit),
  deductions: [{ reason: "leakage", bps }],
});

describe("a version lowers every result", () => {
  it.each<[string, Partial<Methodology2>, Partial<Methodology2>, boolean]>([
    ["the same factor", factor("10"), factor("10"), true],
    ["a lower factor", factor("9.99"), factor("10"), true],
    ["a higher factor", factor("10.01"), factor("10"), false],
    ["a longer spelling of less", factor("9.123456789012345678"), factor("9.2"), true],
    ["a longer spelling of more", factor("9.200000000000000001"), factor("9.2"), false],
    ["deductions that grow", deducted(600), deducted(500), true],
    ["deductions that shrink", deducted(400), deducted(500), false],
    ["a higher factor under higher deductions", deducted(2_000, "110"), deducted(1_000), true],
    [
      "a higher factor under deductions that do not make up for it",
      deducted(1_500, "110"),
      deducted(1_000),
      false,
    ],
    ["a cap more", caps({ unitsPerAct: "5" }), {}, true],
    ["a cap less", {}, caps({ unitsPerAct: "5" }), false],
    ["the same cap", caps({ gramsPerAct: "5" }), caps({ gramsPerAct: "5" }), true],
    ["a lower cap", caps({ gramsPerAct: "4.9" }), caps({ gramsPerAct: "5" }), true],
    ["a higher cap", caps({ gramsPerAct: "5.1" }), caps({ gramsPerAct: "5" }), false],
    ["another cap in its place", caps({ unitsPerAct: "1" }), caps({ gramsPerAct: "5" }), false],
    ["a condition more", { predicates: [{ attribute: "a", atMost: "1" }] }, {}, true],
    ["a condition less", {}, { predicates: [{ attribute: "a", atMost: "1" }] }, false],
    [
      "another condition",
      { predicates: [{ attribute: "a", atMost: "2" }] },
      { predicates: [{ attribute: "a", atMost: "1" }] },
      false,
    ],
    ["signatures asked for", { signatures: { least: 1, of: null } }, {}, true],
    ["signatures no longer asked for", {}, { signatures: { least: 1, of: null } }, false],
    [
      "other signatures",
      { signatures: { least: 2, of: null } },
      { signatures: { least: 1, of: null } },
      false,
    ],
    ["another category", { category: "project" }, {}, false],
    ["another unit", { unit: "km" }, {}, false],
    [
      "a rule of another kind",
      { rule: { kind: "table", by: "year", rows: [{ value: "2026", gramsPerUnit: "1" }] } },
      {},
      false,
    ],
  ])("or not, with %s", (_, next, before, expected) => {
    expect(lowers(content(next), other(before))).toBe(expected);
  });

  it("than the published versions that end where it begins, of its region, class and kind", () => {
    const lower = content(factor("9"));
    const higher = other(factor("10"));
    const lowest = (change: object) =>
      ({ ...other(factor("8")), id: "lowest", ...change }) as unknown as Other;
    expect(lowers(lower, higher)).toBe(true);
    expect(lowers(lower)).toBe(false);
    expect(lowers(lower, higher, lowest({}))).toBe(false);
    for (const change of [
      { id: "next" },
      { kind: "recognition" },
      { region: "OTHER" },
      { scenario: "bike" },
      { state: "withdrawn" },
      { validTo: 199 },
      { validTo: 201 },
    ]) {
      expect([change, lowers(lower, higher, lowest(change))]).toEqual([change, true]);
      expect([change, lowers(lower, lowest(change))]).toEqual([change, false]);
    }
    expect(lowers(content({}, { kind: "recognition" }), other({}, { kind: "recognition" }))).toBe(false);
  });

  it("under another code only where no day or year is capped: there a new allowance would begin", () => {
    const renamed = content({}, { name: "OTHER-CODE" });
    expect(lowers(renamed, other())).toBe(true);
    for (const cap of ["gramsPerSubjectDay", "gramsPerSubjectYear", "gramsPerProgrammeYear"]) {
      const same = caps({ [cap]: "5" });
      expect([cap, lowers(content(same), other(same))]).toEqual([cap, true]);
      expect([cap, lowers(content(same, { name: "OTHER-CODE" }), other(same))]).toEqual([cap, false]);
    }
    const perAct = caps({ gramsPerAct: "5" });
    expect(lowers(content(perAct, { name: "OTHER-CODE" }), other(perAct))).toBe(true);
  });

  it("than one of the first form, whose acts and factor it has", () => {
    const first = other(
      {},
      {
        json: JSON.stringify({
          schema: "microtonne-methodology/1",
          unit: "kWh",
          gramsPerUnit: "409.4",
          caps: { unitsPerAct: null },
        }),
      },
    );
    expect(lowers(content(), first)).toBe(true);
    expect(lowers(content(factor("409.5")), first)).toBe(false);
    expect(lowers(content({ category: "project" }), first)).toBe(false);
  });
});
