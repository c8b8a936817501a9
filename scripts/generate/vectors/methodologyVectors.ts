import { utf8 } from "../../../src/base/lib/bytes.ts";
import { InputError } from "../../../src/base/errors/errors.ts";
import { parseInstant } from "../../../src/base/lib/time/parseInstant.ts";
import { providerId, regionCode } from "../../../src/base/lib/ids.ts";
import type { ActivityRecord, Unit } from "../../../src/base/types/activityRecord.ts";
import type { ProviderId } from "../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../src/base/types/methodology.ts";
import type { MicroUnits } from "../../../src/base/types/quantities.ts";
import { canonicalJson } from "../../../src/format/canonicalJson.ts";
import { methodologyIdOf, parseMethodology, validityDays } from "../../../src/format/batch/methodology.ts";
import { canonicalRecords, parseRecords, RECORD_SCHEMA_2 } from "../../../src/format/batch/record.ts";
import { isQuantified, quantifyDown } from "../../../src/stages/quantify/quantify.ts";
import { cappedVectors } from "./cappedVectors.ts";

const NO_CAPS = {
  unitsPerAct: null,
  gramsPerAct: null,
  gramsPerSubjectDay: null,
  gramsPerSubjectYear: null,
  gramsPerProgrammeYear: null,
};

/** A methodology of the second form for tests: linear, valid in 2026 in Shanghai, unless said otherwise. */
export function sampleMethodology(parts: Partial<Methodology2> = {}): Methodology2 {
  return {
    schema: "microtonne-methodology/2",
    code: "TEST-VECTOR",
    version: "1",
    title: "For vectors",
    region: regionCode("VECTOR"),
    timeZone: "Asia/Shanghai",
    scenario: "ev-charging",
    unit: "kWh",
    category: "act",
    validFrom: "2025-12-31T16:00Z",
    validTo: "2026-12-31T16:00Z",
    days: { first: "2026-01-01", last: "2026-12-31" },
    rule: { kind: "linear", gramsPerUnit: "409.4" },
    caps: NO_CAPS,
    deductions: [],
    predicates: [],
    signatures: null,
    documents: [],
    source: "Made up for vectors.",
    ...parts,
  };
}

const WEEKLY_BUDGET = {
  scenario: "travel-week",
  unit: "g" as Unit,
  rule: {
    kind: "budget",
    gramsPerPeriod: "20000",
    period: "week",
    coverage: "days-measured",
    leastCoverage: 5,
  },
} as const;

const METHODOLOGIES: Readonly<Record<string, Methodology2>> = {
  linear: sampleMethodology(),
  "linear with all caps of an act, deductions and documents": sampleMethodology({
    caps: { ...NO_CAPS, unitsPerAct: "2.5", gramsPerAct: "900.001" },
    deductions: [
      { reason: "leakage", bps: 500 },
      { reason: "uncertainty", bps: 333 },
    ],
    documents: [
      { kind: "baseline", hash: `0x${"1".repeat(64)}` },
      { kind: "leakage", hash: `0x${"2".repeat(64)}` },
    ],
  }),
  "table by year": table("year", { "2025": "600", "2026": "570.3" }),
  "table by quarter": table("quarter", { "2026-Q1": "570", "2026-Q2": "550.5", "2026-Q4": "500" }),
  "table by month": table("month", { "2026-01": "1", "2026-12": "0.001" }),
  "table by attribute": table({ attribute: "supply-mix" }, { coal: "0.1", constructor: "7", 风电: "800" }),
  saving: sampleMethodology({
    scenario: "electricity-saving",
    rule: {
      kind: "saving",
      reference: "reference-kwh",
      leastBps: 1000,
      floorUnits: "5",
      gramsPerUnit: "525",
    },
  }),
  budget: sampleMethodology({
    ...WEEKLY_BUDGET,
  }),
  predicates: sampleMethodology({
    category: "project",
    predicates: [
      { attribute: "capacity-kw", atMost: "1000" },
      { attribute: "capacity-kw", atLeast: "0.5" },
      { attribute: "province", oneOf: ["hubei", "hunan"] },
      { attribute: "commissioned", notBefore: "2021-06-22" },
      { attribute: "commissioned", notAfter: "2025-12-31" },
    ],
  }),
  "signatures of two of three": sampleMethodology({
    signatures: { least: 2, of: [providerId("meter-a"), providerId("meter-b"), providerId("meter-c")] },
  }),
  "a minute in the middle of a day": sampleMethodology({
    validFrom: "2026-03-05T02:58Z",
    validTo: "2026-03-06T02:58Z",
    days: { first: "2026-03-05", last: "2026-03-06" },
  }),
  "a cap on a day of a subject": sampleMethodology({ caps: { ...NO_CAPS, gramsPerSubjectDay: "1" } }),
  "caps on days and years": sampleMethodology({
    version: "all-caps",
    rule: { kind: "linear", gramsPerUnit: "1" },
    caps: {
      ...NO_CAPS,
      gramsPerSubjectDay: "10",
      gramsPerSubjectYear: "15.001",
      gramsPerProgrammeYear: "24",
    },
  }),
  "saving under a cap on a year": sampleMethodology({
    version: "capped-saving",
    rule: {
      kind: "saving",
      reference: "reference-kwh",
      leastBps: 1000,
      floorUnits: "1",
      gramsPerUnit: "500",
    },
    caps: { ...NO_CAPS, gramsPerSubjectYear: "6000.5" },
  }),
  "budget under a cap on a year": sampleMethodology({
    version: "capped-budget",
    ...WEEKLY_BUDGET,
    caps: { ...NO_CAPS, gramsPerSubjectYear: "25000", gramsPerAct: "15000" },
  }),
  "a lower cap on a day": sampleMethodology({
    version: "lower-cap",
    rule: { kind: "linear", gramsPerUnit: "1" },
    caps: { ...NO_CAPS, gramsPerSubjectDay: "5" },
  }),
};

function table(
  by: Extract<Methodology2["rule"], { kind: "table" }>["by"],
  factors: Readonly<Record<string, string>>,
): Methodology2 {
  const listed = Object.entries(factors).map(([value, gramsPerUnit]) => ({ value, gramsPerUnit }));
  return sampleMethodology({
    validFrom: "2024-12-31T16:00Z",
    days: { first: "2025-01-01", last: "2026-12-31" },
    rule: { kind: "table", by, rows: listed },
  });
}

/** An act that a methodology counts. */
export interface Act {
  readonly of: string;
  readonly quantity: bigint;
  readonly at?: string;
  readonly until?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly signers?: readonly ProviderId[];
  readonly unit?: Unit;
  readonly changes?: readonly string[];
}

const kwh = (whole: number, micro = 0): bigint => BigInt(whole) * 1_000_000n + BigInt(micro);
const eligible = { "capacity-kw": "999.99", province: "hubei", commissioned: "2023-02-28" };
const ACTS: readonly Act[] = [
  { of: "linear", quantity: kwh(22, 287_000) },
  { of: "linear", quantity: 2n },
  { of: "linear", quantity: 3n },
  { of: "linear", quantity: 0n },
  { of: "linear", quantity: kwh(1), unit: "km" },
  { of: "linear", quantity: kwh(1), at: "2025-12-31T15:59:59Z" },
  { of: "linear", quantity: kwh(1), at: "2025-12-31T16:00:00Z" },
  { of: "linear", quantity: kwh(1), at: "2026-12-31T15:59:59Z" },
  { of: "linear", quantity: kwh(1), at: "2026-12-31T16:00:00Z" },
  { of: "linear", quantity: 10n ** 24n },
  ...["2.3", "2.5", "2.6"].map((text): Act => ({
    of: "linear with all caps of an act, deductions and documents",
    quantity: BigInt(text.replace(".", "")) * 100_000n,
  })),
  { of: "table by year", quantity: kwh(10), at: "2025-12-31T15:59:59Z" },
  { of: "table by year", quantity: kwh(10), at: "2025-12-31T16:00:00Z" },
  { of: "table by quarter", quantity: kwh(10), at: "2026-03-31T15:59:59Z" },
  { of: "table by quarter", quantity: kwh(10), at: "2026-03-31T16:00:00Z" },
  { of: "table by quarter", quantity: kwh(10), at: "2026-08-01T00:00:00Z" },
  { of: "table by month", quantity: kwh(10), at: "2026-12-01T00:00:00Z" },
  { of: "table by month", quantity: kwh(10) },
  { of: "table by attribute", quantity: kwh(3), attributes: { "supply-mix": "风电" } },
  { of: "table by attribute", quantity: kwh(3), attributes: { "supply-mix": "constructor" } },
  { of: "table by attribute", quantity: kwh(3), attributes: { "supply-mix": "solar" } },
  { of: "table by attribute", quantity: kwh(3) },
  { of: "saving", quantity: kwh(90), attributes: { "reference-kwh": "100" } },
  { of: "saving", quantity: kwh(90, 1), attributes: { "reference-kwh": "100" } },
  { of: "saving", quantity: kwh(88, 123_456), attributes: { "reference-kwh": "100.000000001" } },
  { of: "saving", quantity: kwh(5), attributes: { "reference-kwh": "9.999999" } },
  { of: "saving", quantity: kwh(5), attributes: { "reference-kwh": "10" } },
  { of: "saving", quantity: kwh(90), attributes: { "reference-kwh": "90" } },
  { of: "saving", quantity: kwh(90), attributes: { "reference-kwh": "1e2" } },
  { of: "saving", quantity: kwh(90) },
  ...["7", "5", "4", "8", "five"].map((days): Act => ({
    of: "budget",
    quantity: 17_000_123_456n,
    at: "2026-03-01T16:00:00Z",
    until: "2026-03-08T16:00:00Z",
    attributes: { "days-measured": days },
  })),
  { of: "budget", quantity: kwh(1), at: "2026-03-01T16:00:00Z", until: "2026-03-08T16:00:00Z" },
  {
    of: "budget",
    quantity: kwh(20_000),
    at: "2026-03-01T16:00:00Z",
    until: "2026-03-08T16:00:00Z",
    attributes: { "days-measured": "7" },
  },
  { of: "budget", quantity: kwh(1), at: "2026-03-01T16:00:00Z", attributes: { "days-measured": "7" } },
  ...[
    ["2026-03-01T16:01:00Z", "2026-03-08T16:00:00Z"],
    ["2026-02-28T16:00:00Z", "2026-03-07T16:00:00Z"],
    ["2026-03-01T16:00:00Z", "2026-03-08T16:00:01Z"],
    ["2026-03-01T16:00:00Z", "2026-03-07T16:00:01Z"],
    ["2026-03-01T16:00:00Z", "2026-03-07T16:00:00Z"],
    ["2026-03-01T16:00:00Z", "2026-03-01T17:00:00Z"],
    ["2026-03-01T16:00:00Z", "2026-03-01T16:00:00Z"],
  ].map(([start, until]): Act => ({
    of: "budget",
    quantity: kwh(1),
    at: start as string,
    until: until as string,
    attributes: { "days-measured": "7" },
  })),
  { of: "predicates", quantity: kwh(1), attributes: eligible },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, "capacity-kw": "1000" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, "capacity-kw": "1000.0001" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, "capacity-kw": "0.49" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, "capacity-kw": "-1" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, province: "Hubei" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, commissioned: "2021-06-21" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, commissioned: "2026-01-01" } },
  { of: "predicates", quantity: kwh(1), attributes: { ...eligible, commissioned: "2023-02-29" } },
  { of: "predicates", quantity: kwh(1), attributes: { province: "hubei", commissioned: "2023-02-28" } },
  { of: "signatures of two of three", quantity: kwh(1) },
  ...[
    ["meter-a"],
    ["meter-a", "meter-a"],
    ["meter-a", "other"],
    ["meter-a", "meter-c"],
    ["meter-a", "meter-b", "meter-c"],
  ].map((signers): Act => ({
    of: "signatures of two of three",
    quantity: kwh(1),
    signers: signers.map(providerId),
  })),
  { of: "a minute in the middle of a day", quantity: kwh(1), at: "2026-03-05T02:57:59Z" },
  { of: "a minute in the middle of a day", quantity: kwh(1), at: "2026-03-05T02:58:00Z" },
  { of: "a minute in the middle of a day", quantity: kwh(1), at: "2026-03-06T02:57:59Z" },
  { of: "a minute in the middle of a day", quantity: kwh(1), at: "2026-03-06T02:58:00Z" },
  { of: "a cap on a day of a subject", quantity: kwh(1) },
  { of: "linear", quantity: kwh(3), changes: ["linear with all caps of an act, deductions and documents"] },
  { of: "linear", quantity: kwh(3), changes: ["predicates"] },
];

const base = sampleMethodology();
/** What the closed schema must refuse. */
const REFUSED: Readonly<Record<string, object>> = {
  "a member more": { ...base, gramsPerUnit: "409.4" },
  "no category": without("category"),
  "days instead of minutes": { ...base, validFrom: "2026-01-01" },
  "a second in its minute": { ...base, validFrom: "2025-12-31T16:00:30Z" },
  "no such day": { ...base, validFrom: "2026-02-29T16:00Z" },
  "an end that is no later": { ...base, validTo: base.validFrom },
  "a first day two days off": { ...base, days: { first: "2026-01-02", last: "2026-12-31" } },
  "a last day two days off": { ...base, days: { first: "2026-01-01", last: "2027-01-02" } },
  "a fifth kind": { ...base, rule: { kind: "formula", gramsPerUnit: "1" } },
  "a member of another kind": { ...base, rule: { kind: "linear", gramsPerUnit: "1", by: "year" } },
  "a factor of nothing": { ...base, rule: { kind: "linear", gramsPerUnit: "0" } },
  "a factor with a superfluous zero": { ...base, rule: { kind: "linear", gramsPerUnit: "1.0" } },
  "rows out of order": tableOf(["2026", "2025"]),
  "a row twice": tableOf(["2025", "2025"]),
  "a quarter among years": tableOf(["2025", "2026-Q1"]),
  "no row": tableOf([]),
  "a share above the whole": { ...base, rule: { ...METHODOLOGIES["saving"]?.rule, leastBps: 10_001 } },
  "a month as period": {
    ...METHODOLOGIES["budget"],
    rule: { ...METHODOLOGIES["budget"]?.rule, period: "month" },
  },
  "eight days of a week": {
    ...METHODOLOGIES["budget"],
    rule: { ...METHODOLOGIES["budget"]?.rule, leastCoverage: 8 },
  },
  "a budget in another unit": { ...METHODOLOGIES["budget"], unit: "kWh" },
  "a cap in units on a saving": { ...METHODOLOGIES["saving"], caps: { ...NO_CAPS, unitsPerAct: "1" } },
  "a cap left out": { ...base, caps: { unitsPerAct: null } },
  "a cap finer than a milligram": { ...base, caps: { ...NO_CAPS, gramsPerAct: "0.0001" } },
  "deductions above the whole": {
    ...base,
    deductions: [
      { reason: "one", bps: 5000 },
      { reason: "other", bps: 5001 },
    ],
  },
  "a deduction of nothing": { ...base, deductions: [{ reason: "none", bps: 0 }] },
  "a predicate of two conditions": { ...base, predicates: [{ attribute: "a", atMost: "2", atLeast: "1" }] },
  "a predicate without a condition": { ...base, predicates: [{ attribute: "a" }] },
  "texts out of order": { ...base, predicates: [{ attribute: "a", oneOf: ["b", "a"] }] },
  "an attribute with a capital": { ...base, predicates: [{ attribute: "A", atMost: "2" }] },
  "more signatures than signers": { ...base, signatures: { least: 2, of: ["meter-a"] } },
  "signers out of order": { ...base, signatures: { least: 1, of: ["meter-b", "meter-a"] } },
  "documents out of order": {
    ...base,
    documents: [
      { kind: "leakage", hash: `0x${"2".repeat(64)}` },
      { kind: "baseline", hash: `0x${"1".repeat(64)}` },
    ],
  },
  "the first form's schema": { ...base, schema: "microtonne-methodology/1" },
  "a third form": { ...base, schema: "microtonne-methodology/3" },
};

function without(name: string): object {
  return Object.fromEntries(Object.entries(base).filter(([member]) => member !== name));
}

function tableOf(values: readonly string[]): object {
  return {
    ...base,
    rule: { kind: "table", by: "year", rows: values.map((value) => ({ value, gramsPerUnit: "1" })) },
  };
}

function recordOf({ of, quantity, at, until, attributes, unit }: Act): ActivityRecord {
  const methodology = METHODOLOGIES[of] as Methodology2;
  const startedAt = parseInstant(at ?? "2026-03-05T04:00:00Z");
  return {
    provider: providerId("vector"),
    recordId: "act-1",
    scenario: methodology.scenario,
    startedAt,
    endedAt: until === undefined ? null : parseInstant(until),
    quantity: quantity as MicroUnits,
    unit: unit ?? methodology.unit,
    ...(attributes && { attributes }),
  };
}

export function methodologyVectors(): Record<string, unknown> {
  return {
    about:
      "Methodologies of microtonne-methodology/2. id = keccak256 of the canonical JSON; days count from " +
      "1970-01-01, both inclusive. `acts`: a record of microtonne-record/2 under the methodology `of`, " +
      "with the providers that signed it and the versions that come into force while it goes on " +
      "(`changes`): milligrams before caps on days and years, or the code of the refusal and what of the " +
      "record decided. `capped`: acts of subjects (`by`) that are admitted one after another, and what " +
      "caps on days and years leave of each: milligrams, or the code of the cap that leaves nothing. " +
      "`refused`: JSON that breaks the closed schema.",
    methodologies: Object.entries(METHODOLOGIES).map(([name, methodology]) => ({
      name,
      id: methodologyIdOf(parseMethodology(methodology)),
      days: validityDays(methodology),
      json: canonicalJson(methodology),
    })),
    acts: ACTS.map((act) => {
      const { of, signers = [], changes = [] } = act;
      const record = canonicalRecords([recordOf(act)], RECORD_SCHEMA_2).slice(1, -1);
      const [read] = parseRecords(utf8(`[${record}]`), RECORD_SCHEMA_2);
      const outcome = quantifyDown(read as ActivityRecord, METHODOLOGIES[of] as Methodology2, {
        signers,
        changes: changes.map((name) => METHODOLOGIES[name] as Methodology2),
      });
      return {
        of,
        record,
        signers,
        changes,
        ...(isQuantified(outcome)
          ? { milligrams: outcome.milligrams.toString(), day: outcome.day }
          : { code: outcome.code, field: outcome.field }),
      };
    }),
    capped: cappedVectors((of) => METHODOLOGIES[of] as Methodology2, recordOf),
    refused: Object.entries(REFUSED).map(([name, json]) => ({ name, error: errorOf(json), json })),
  };
}

function errorOf(json: object): string {
  try {
    parseMethodology(json);
  } catch (error) {
    if (error instanceof InputError) return error.code;
    throw error;
  }
  return "accepted";
}
