import fc from "fast-check";
import type { ActivityRecord, Unit } from "../../../../../src/base/types/activityRecord.ts";
import type { Methodology2, MethodologyRule } from "../../../../../src/base/types/methodology.ts";
import type { UnixSeconds } from "../../../../../src/base/types/quantities.ts";
import { at, methodology2, record } from "./helpers.ts";

/** A minimal decimal of at most so many digits before and behind the point. */
const decimal = (whole: number, places: number, least: number) =>
  fc
    .tuple(fc.integer({ min: 0, max: 10 ** whole - 1 }), fc.integer({ min: 0, max: 10 ** places - 1 }))
    .map(([before, behind]) => {
      const digits = String(behind).padStart(places, "0").replace(/0+$/, "");
      return digits === "" ? String(before) : `${String(before)}.${digits}`;
    })
    .filter((text) => Number(text) >= least);
const factor = decimal(4, 5, 1e-5);
const MONDAY = at("2026-03-01T16:00:00Z");
const WEEK = 7 * 86_400;

const linear = fc.record({ kind: fc.constant("linear" as const), gramsPerUnit: factor });
const periods = {
  year: ["2025", "2026"],
  quarter: ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q4"],
  month: ["2025-01", "2025-06", "2025-12", "2026-01", "2026-02", "2026-03", "2026-08", "2026-12"],
};
const table = fc
  .constantFrom<[Extract<MethodologyRule, { kind: "table" }>["by"], readonly string[]]>(
    ["year", periods.year],
    ["quarter", periods.quarter],
    ["month", periods.month],
    [{ attribute: "mix" }, ["coal", "solar", "wind"]],
  )
  .chain(([by, values]) =>
    fc.record({
      kind: fc.constant("table" as const),
      by: fc.constant(by),
      rows: fc
        .tuple(fc.subarray([...values], { minLength: 1 }), fc.array(factor, { minLength: 8, maxLength: 8 }))
        .map(([some, factors]) => some.map((value, i) => ({ value, gramsPerUnit: factors[i] as string }))),
    }),
  );
const saving = fc.record({
  kind: fc.constant("saving" as const),
  reference: fc.constant("reference"),
  leastBps: fc.integer({ min: 0, max: 3000 }),
  floorUnits: fc.oneof(fc.constant("0"), decimal(1, 6, 0)),
  gramsPerUnit: factor,
});
const budget = fc.record({
  kind: fc.constant("budget" as const),
  gramsPerPeriod: decimal(5, 3, 0.001),
  period: fc.constant("week" as const),
  coverage: fc.constant("days"),
  leastCoverage: fc.integer({ min: 1, max: 7 }),
});
const rules = { linear, table, saving, budget };
export type Kind = keyof typeof rules;
export const KINDS = Object.keys(rules) as Kind[];

const predicate = fc.oneof(
  decimal(3, 3, 0).map((atMost) => ({ attribute: "size", atMost })),
  decimal(2, 3, 0).map((atLeast) => ({ attribute: "size", atLeast })),
  fc.subarray(["coal", "solar", "wind"], { minLength: 1 }).map((oneOf) => ({ attribute: "mix", oneOf })),
  fc.constantFrom("2020-01-01", "2024-02-29").map((notBefore) => ({ attribute: "since", notBefore })),
  fc.constantFrom("2024-02-28", "2025-12-31").map((notAfter) => ({ attribute: "since", notAfter })),
);
const deductions = fc
  .array(fc.integer({ min: 1, max: 2500 }), { maxLength: 4 })
  .map((all) => all.map((bps, i) => ({ reason: `reason ${String(i)}`, bps })));

const attributes = fc.record(
  {
    mix: fc.constantFrom("coal", "solar", "wind", "tide"),
    size: fc.oneof(decimal(3, 3, 0), fc.constant("-1"), fc.constant("007.50")),
    since: fc.constantFrom("2019-12-31", "2020-01-01", "2024-02-28", "2024-02-29", "2026-01-01"),
    reference: fc.oneof(decimal(3, 8, 0), fc.constant("many")),
    days: fc.constantFrom("0", "3", "5", "6", "7", "8", "06"),
  },
  { requiredKeys: ["reference"] },
);
const quantity = fc.oneof(fc.bigInt(0n, 10n ** 9n), fc.bigInt(0n, 10n ** 4n), fc.bigInt(0n, 2n ** 53n));
const start = fc.integer({ min: at("2024-12-31T16:00:00Z"), max: at("2026-12-31T15:59:59Z") });

export interface Case {
  readonly methodology: Methodology2;
  readonly record: ActivityRecord;
}

/** Methodologies of one kind, valid from 2025 to 2026 in Shanghai, each with a record of theirs. */
export function caseOf(kind: Kind): fc.Arbitrary<Case> {
  const isCapped = kind === "linear" || kind === "table";
  return fc
    .record({
      rule: rules[kind] as fc.Arbitrary<MethodologyRule>,
      unitsPerAct: isCapped ? fc.option(decimal(2, 6, 1e-6), { freq: 2 }) : fc.constant(null),
      gramsPerAct: fc.option(decimal(3, 3, 0.001), { freq: 2 }),
      deductions,
      predicates: fc.array(predicate, { maxLength: 2 }),
      attributes,
      quantity,
      start,
    })
    .map((parts) => {
      const { unitsPerAct, gramsPerAct } = parts;
      const unit = (kind === "budget" ? "g" : "kWh") as Unit;
      const weeks = Math.floor((parts.start - MONDAY) / WEEK);
      const monday = MONDAY + WEEK * Math.max(weeks, -60);
      return {
        methodology: methodology2({
          unit,
          rule: parts.rule,
          caps: { ...methodology2().caps, unitsPerAct, gramsPerAct },
          deductions: parts.deductions,
          predicates: parts.predicates,
        }),
        record: record({
          scenario: "ev-charging",
          unit,
          quantity: kind === "budget" ? parts.quantity * 10n : parts.quantity,
          startedAt: (kind === "budget" ? monday : parts.start) as UnixSeconds,
          ...(kind === "budget" && { endedAt: (monday + WEEK) as UnixSeconds }),
          attributes: parts.attributes,
        }),
      };
    });
}
