import { describe, expect, it } from "vitest";
import { sampleMethodology } from "../../../../../scripts/generate/vectors/methodologyVectors.ts";
import { parseMethodology } from "../../../../../src/format/batch/methodology.ts";

const base = sampleMethodology();
const NO_CAPS = base.caps;
const WORD = `0x${"11".repeat(32)}`;

/** What is said of a methodology with these members, from the place on; null where it is taken. */
function faultOf(parts: object): string | null {
  try {
    parseMethodology({ ...base, ...parts });
    return null;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    expect(code).toBe("methodology.malformed");
    return message.replace(/^The methodology breaks its schema at (.*)\.$/s, "$1");
  }
}
const table = (by: unknown, ...values: string[]) => ({
  rule: { kind: "table", by, rows: values.map((value) => ({ value, gramsPerUnit: "1" })) },
});
const saving = (parts: object = {}) => ({
  rule: { kind: "saving", reference: "usual", leastBps: 1000, floorUnits: "0", gramsPerUnit: "1", ...parts },
});
const budget = (parts: object = {}) => ({
  unit: "g",
  rule: {
    kind: "budget",
    gramsPerPeriod: "20000",
    period: "week",
    coverage: "days",
    leastCoverage: 5,
    ...parts,
  },
});
const factor = (gramsPerUnit: unknown) => ({ rule: { kind: "linear", gramsPerUnit } });
const deductions = (...bps: number[]) => ({
  deductions: bps.map((one) => ({ reason: "leakage", bps: one })),
});
const predicate = (parts: object) => ({ predicates: [{ attribute: "capacity", ...parts }] });
const names = (count: number) => Array.from({ length: count }, (_, i) => `p-${String(1000 + i)}`);
const days = (first: string, last: string) => ({ days: { first, last } });

describe("a methodology of the second form", () => {
  it.each<[string, object]>([
    ["a factor with 30 places", factor(`0.${"0".repeat(29)}1`)],
    ["a factor with 30 digits before the point", factor("9".repeat(30))],
    ["a table's years", table("year", "2025", "2026")],
    ["a table's quarters", table("quarter", "2026-Q1", "2026-Q4")],
    ["a table's months", table("month", "2026-01", "2026-09", "2026-10", "2026-12")],
    ["a table's attribute of any texts", table({ attribute: "supply-mix" }, "2026-Q1", "coal")],
    ["a table of a thousand rows", table({ attribute: "a" }, ...names(1000))],
    ["a saving of nothing at least", saving({ leastBps: 0 })],
    ["a saving of all at least", saving({ leastBps: 10_000 })],
    ["a saving's floor of six places", saving({ floorUnits: "0.000001" })],
    ["a budget of one day", budget({ leastCoverage: 1 })],
    ["a budget of seven days", budget({ leastCoverage: 7 })],
    ["deductions of the whole together", deductions(9_999, 1)],
    ["one deduction of the whole", deductions(10_000)],
    ["sixteen deductions", deductions(...Array.from({ length: 16 }, () => 1))],
    ["a cap of six places in units", { caps: { ...NO_CAPS, unitsPerAct: "0.000001" } }],
    ["a cap of a milligram", { caps: { ...NO_CAPS, gramsPerAct: "0.001" } }],
    ["caps on days and years", { caps: { ...NO_CAPS, gramsPerSubjectDay: "1", gramsPerSubjectYear: "2" } }],
    ["as many signatures as signers", { signatures: { least: 2, of: ["aa", "bb"] } }],
    ["signatures of anybody", { signatures: { least: 64, of: null } }],
    ["64 signers", { signatures: { least: 1, of: names(64) } }],
    [
      "documents of all kinds",
      {
        documents: ["additionality", "baseline", "leakage", "monitoring", "uncertainty"].map((kind) => ({
          kind,
          hash: WORD,
        })),
      },
    ],
    ["a bound of 0", predicate({ atMost: "0" })],
    ["a predicate of texts", predicate({ oneOf: ["a", "b"] })],
    ["a predicate of dates", predicate({ notBefore: "2020-02-29" })],
    ["32 predicates", { predicates: Array.from({ length: 32 }, () => ({ attribute: "a", atLeast: "1" })) }],
    ["days of its zone that its minutes have not in UTC", days("2026-01-01", "2026-12-31")],
    ["days one off in the other direction", days("2025-12-30", "2026-12-30")],
    ["a title of 200 characters", { title: "x".repeat(200) }],
    ["a source of 1000 characters", { source: "x".repeat(1000) }],
    ["one minute of validity", { validTo: "2025-12-31T16:01Z", ...days("2026-01-01", "2026-01-01") }],
    ["the last minute of a day", { validFrom: "2025-12-31T23:59Z" }],
  ])("takes %s", (_, parts) => {
    expect(faultOf(parts)).toBeNull();
  });

  const decimal = (places: number, above = true) =>
    `must be a minimal decimal${above ? " above 0" : ""} with at most ${String(places)} places`;
  const minute = "must be a UTC minute YYYY-MM-DDTHH:MMZ from 1970 on";
  const period = "must be a period such as 2025, 2025-Q3 or 2025-07, as `by` says";

  it.each<[string, object]>([
    [`rule.gramsPerUnit: ${decimal(30)}`, factor(`0.${"0".repeat(30)}1`)],
    [`rule.gramsPerUnit: ${decimal(30)}`, factor("9".repeat(31))],
    [`rule.gramsPerUnit: ${decimal(30)}`, factor("0")],
    [`rule.gramsPerUnit: ${decimal(30)}`, factor("1.0")],
    [`rule.rows.1.value: ${period}`, table("year", "2025", "2026-Q1")],
    [`rule.rows.0.value: ${period}`, table("year", "20255")],
    [`rule.rows.0.value: ${period}`, table("quarter", "2026-Q0")],
    [`rule.rows.0.value: ${period}`, table("quarter", "2026-Q5")],
    [`rule.rows.0.value: ${period}`, table("quarter", "12026-Q1")],
    [`rule.rows.0.value: ${period}`, table("quarter", "2026-Q11")],
    [`rule.rows.0.value: ${period}`, table("month", "2026-00")],
    [`rule.rows.1.value: ${period}`, table("month", "2026-12", "2026-13")],
    [`rule.rows.0.value: ${period}`, table("month", "2026-1")],
    [`rule.rows.0.value: ${period}`, table("month", "2026-011")],
    ["rule.rows: must ascend by value, each once", table("year", "2026", "2025")],
    ["rule.rows: must ascend by value, each once", table("year", "2026", "2026")],
    [`rule.floorUnits: ${decimal(6, false)}`, saving({ floorUnits: "0.0000001" })],
    [`caps.unitsPerAct: ${decimal(6)}`, { caps: { ...NO_CAPS, unitsPerAct: "0" } }],
    [`caps.unitsPerAct: ${decimal(6)}`, { caps: { ...NO_CAPS, unitsPerAct: "0.0000001" } }],
    [`caps.gramsPerAct: ${decimal(3)}`, { caps: { ...NO_CAPS, gramsPerAct: "0.0001" } }],
    [`caps.gramsPerSubjectDay: ${decimal(3)}`, { caps: { ...NO_CAPS, gramsPerSubjectDay: "0" } }],
    ["deductions: must be 10,000 ten-thousandths together at most", deductions(9_999, 2)],
    ["signatures.of: must ascend, each once", { signatures: { least: 1, of: ["bb", "aa"] } }],
    ["signatures.of: must ascend, each once", { signatures: { least: 1, of: ["aa", "aa"] } }],
    ["signatures: must not ask for more than it names", { signatures: { least: 3, of: ["aa", "bb"] } }],
    [
      "documents: must ascend by kind, each once",
      {
        documents: [
          { kind: "leakage", hash: WORD },
          { kind: "baseline", hash: WORD },
        ],
      },
    ],
    [`validFrom: ${minute}`, { validFrom: "2025-12-31T24:00Z" }],
    [`validFrom: ${minute}`, { validFrom: "2025-12-31T16:60Z" }],
    [`validFrom: ${minute}`, { validFrom: "2025-12-31T16:00:00Z" }],
    [`validFrom: ${minute}`, { validFrom: "x2025-12-31T16:00Z" }],
    [`validTo: ${minute}`, { validTo: "2026-12-31T16:00Zx" }],
    [`validTo: ${minute}`, { validTo: "2026-02-30T16:00Z" }],
    ["validTo: must be after validFrom", { validTo: base.validFrom }],
    [
      "days.first: must be the day of validFrom in timeZone, within a day of its UTC date",
      days("2026-01-02", "2026-12-31"),
    ],
    [
      "days.first: must be the day of validFrom in timeZone, within a day of its UTC date",
      days("2025-12-29", "2026-12-31"),
    ],
    [
      "days.last: must be the day of the minute before validTo, within a day of its UTC date",
      days("2026-01-01", "2027-01-02"),
    ],
    [
      "days.last: must be the day of the minute before validTo, within a day of its UTC date",
      days("2026-01-01", "2026-12-29"),
    ],
    [
      "days.last: must not be before days.first",
      { validTo: "2025-12-31T16:01Z", ...days("2026-01-01", "2025-12-31") },
    ],
    [
      "caps.unitsPerAct: must be null: the quantity of a saving is not what earns",
      { ...saving(), caps: { ...NO_CAPS, unitsPerAct: "1" } },
    ],
    [
      "caps.unitsPerAct: must be null: the quantity of a budget is not what earns",
      { ...budget(), caps: { ...NO_CAPS, unitsPerAct: "1" } },
    ],
    ["unit: must be g: the quantity of a budget is grams emitted", { ...budget(), unit: "kWh" }],
    [
      "predicates.0: must name an attribute and one of atMost, atLeast, oneOf, notBefore, notAfter",
      predicate({ atMost: "1", atLeast: "0" }),
    ],
    [
      "predicates.0: must name an attribute and one of atMost, atLeast, oneOf, notBefore, notAfter",
      predicate({}),
    ],
    [
      "rule.by.attribute: must be the name of an attribute: [a-z][a-z0-9-]{0,31}",
      table({ attribute: "Mix" }, "a"),
    ],
    ["rule.rows.0.value: must have 1 to 64 characters", table({ attribute: "mix" }, "")],
    ["rule.rows.0.value: must have 1 to 64 characters", table({ attribute: "mix" }, "x".repeat(65))],
    [
      "rule.rows.0.value: must be one line without control characters",
      table({ attribute: "mix" }, "a\u0007b"),
    ],
    ["title: must be one line without control characters", { title: "a\u0007b" }],
    ["title: must be a text without space at its ends", { title: "a " }],
    ["scenario: must be the name of a scenario class", { scenario: "Metro" }],
    ["unit: must be a unit", { unit: "k Wh" }],
    ["unit: must be a unit", { unit: 1 }],
    ["code: must match [A-Za-z0-9][A-Za-z0-9._-]{1,63}", { code: "A" }],
    ["code: must match [A-Za-z0-9][A-Za-z0-9._-]{1,63}", { code: "A".repeat(65) }],
    ["version: must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}", { version: "" }],
    ["days.first: must be a calendar day YYYY-MM-DD from 1970 on", days("2026-02-30", "2026-12-31")],
  ])("is refused at %s", (fault, parts) => {
    expect(faultOf(parts)).toBe(fault);
  });

  it.each<[string, object]>([
    ["rule.rows", table("year")],
    ["rule.rows", table({ attribute: "a" }, ...names(1001))],
    ["rule.leastBps", saving({ leastBps: -1 })],
    ["rule.leastBps", saving({ leastBps: 10_001 })],
    ["rule.period", budget({ period: "month" })],
    ["rule.leastCoverage", budget({ leastCoverage: 0 })],
    ["rule.leastCoverage", budget({ leastCoverage: 8 })],
    ["rule.kind", { rule: { kind: "other", gramsPerUnit: "1" } }],
    ["deductions.0.bps", deductions(0)],
    ["deductions.0.bps", deductions(10_001)],
    ["deductions", deductions(...Array.from({ length: 17 }, () => 1))],
    ["signatures.least", { signatures: { least: 0, of: null } }],
    ["signatures.least", { signatures: { least: 65, of: null } }],
    ["signatures.of", { signatures: { least: 1, of: [] } }],
    ["signatures.of", { signatures: { least: 1, of: names(65) } }],
    ["documents.0.kind", { documents: [{ kind: "other", hash: WORD }] }],
    ["predicates", { predicates: Array.from({ length: 33 }, () => ({ attribute: "a", atLeast: "1" })) }],
    ["predicates.0.oneOf", predicate({ oneOf: [] })],
    ["predicates.0.oneOf", predicate({ oneOf: ["b", "a"] })],
    ["predicates.0.notAfter", predicate({ notAfter: "2026-13-01" })],
    ["category", { category: "acts" }],
    ["title", { title: "x".repeat(201) }],
    ["source", { source: "x".repeat(1001) }],
    ["rule.by", table("week", "2025")],
    ["rule", { rule: { ...factor("1").rule, extra: 1 } }],
    ["rule", saving({ extra: 1 })],
    ["rule", budget({ extra: 1 })],
    ["days", { days: { ...base.days, extra: "1" } }],
    ["caps", { caps: { ...NO_CAPS, extra: null } }],
    ["deductions.0", { deductions: [{ reason: "x", bps: 1, extra: 1 }] }],
    ["signatures", { signatures: { least: 1, of: null, extra: 1 } }],
    ["documents.0", { documents: [{ kind: "leakage", hash: WORD, extra: 1 }] }],
    ["predicates.0", predicate({ atMost: "1", extra: 1 })],
    [
      "rule.rows.0",
      { rule: { ...table("year").rule, rows: [{ value: "2026", gramsPerUnit: "1", extra: 1 }] } },
    ],
    ["its top", { extra: 1 }],
  ])("is refused at %s for its form", (place, parts) => {
    expect(faultOf(parts)?.split(": ")[0]).toBe(place);
  });
});
