import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityRecord } from "../../../../src/base/types/activityRecord.ts";
import type { MicroUnits } from "../../../../src/base/types/quantities.ts";
import { parseMethodology } from "../../../../src/format/batch/methodology.ts";
import { isQuantified, quantifyDown } from "../../../../src/stages/quantify/quantify.ts";
import { recountMilligramsDown } from "../../../../src/verify/parts/recountMilligramsDown.ts";
import { caseOf, KINDS, type Case } from "./support/arbitraries.ts";
import { methodology2, record } from "./support/helpers.ts";
import { plainMilligrams } from "./support/plainMilligrams.ts";

const SHANGHAI_HOURS = 8;
/** Milligrams, 0 where it earns nothing. */
const earned = ({ methodology, record: act }: Case): bigint => {
  const found = quantifyDown(act, methodology);
  return isQuantified(found) ? found.milligrams : 0n;
};
const withQuantity = ({ methodology, record: act }: Case, quantity: bigint): Case => ({
  methodology,
  record: { ...act, quantity: quantity as MicroUnits },
});

describe.each(KINDS)("the rule %s", (kind) => {
  it("earns what plain fractions give, and what a verifier counts, in 10,000 cases", () => {
    const seen = { earning: 0, nothing: 0 };
    fc.assert(
      fc.property(caseOf(kind), (one) => {
        const milligrams = earned(one);
        seen[milligrams > 0n ? "earning" : "nothing"]++;
        expect(milligrams).toBe(plainMilligrams(one.record, one.methodology, SHANGHAI_HOURS));
        expect(milligrams).toBe(recountMilligramsDown(one.record, one.methodology));
      }),
      { numRuns: 10_000 },
    );
    // Neither side is rare.
    expect(Math.min(seen.earning, seen.nothing)).toBeGreaterThan(500);
  });

  it("is written in a form that the closed schema takes", () => {
    fc.assert(
      fc.property(caseOf(kind), ({ methodology }) => {
        expect(parseMethodology(JSON.parse(JSON.stringify(methodology)))).toEqual(methodology);
      }),
    );
  });

  it("keeps order: more never earns less by a factor, and never more by what is left", () => {
    fc.assert(
      fc.property(caseOf(kind), fc.bigInt(0n, 10n ** 9n), (one, more) => {
        const [little, much] = [earned(one), earned(withQuantity(one, one.record.quantity + more))];
        expect(kind === "linear" || kind === "table" ? little <= much : little >= much).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("earns no more with a deduction than without, a whole one leaves nothing", () => {
    fc.assert(
      fc.property(caseOf(kind), (one) => {
        const by = (bps: number): Case => ({
          ...one,
          methodology: { ...one.methodology, deductions: [{ reason: "all", bps }] },
        });
        const whole = earned({ ...one, methodology: { ...one.methodology, deductions: [] } });
        expect(earned(by(1)) <= whole && earned(by(9999)) <= earned(by(1))).toBe(true);
        expect(earned(by(10_000))).toBe(0n);
      }),
      { numRuns: 1000 },
    );
  });

  it("never earns more than its cap on an act, nor more for having one", () => {
    fc.assert(
      fc.property(caseOf(kind), fc.integer({ min: 1, max: 10 ** 6 }), (one, milligrams) => {
        const { caps } = one.methodology;
        const capped = (gramsPerAct: string | null): bigint =>
          earned({ ...one, methodology: { ...one.methodology, caps: { ...caps, gramsPerAct } } });
        const most = BigInt(milligrams);
        const text = String(milligrams / 1000);
        const free = capped(null);
        expect(capped(text)).toBe(free < most ? free : most);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a linear rule", () => {
  it("never pays for cutting an act in two, and costs at most one milligram without a cap", () => {
    fc.assert(
      fc.property(caseOf("linear"), fc.bigInt(0n, 10n ** 9n), (one, other) => {
        const cut = (capped: boolean): [bigint, bigint] => {
          const caps = capped ? one.methodology.caps : methodology2().caps;
          const act = { ...one, methodology: { ...one.methodology, caps } };
          const parts = earned(act) + earned(withQuantity(act, other));
          return [parts, earned(withQuantity(act, one.record.quantity + other))];
        };
        const [parts, whole] = cut(false);
        expect(parts <= whole && whole <= parts + 1n).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the order of evaluation", () => {
  const earns = (act: Partial<ActivityRecord>, parts: Parameters<typeof methodology2>[0]) =>
    quantifyDown(record({ scenario: "ev-charging", unit: "kWh", ...act }), methodology2(parts));
  const caps = methodology2().caps;

  it("cuts the quantity, counts, deducts, rounds once, and cuts the grams last", () => {
    // min(3, 2) kWh at 1.0005 g, less 50 %, is 1.0005 g: 1000 mg. A cap before the deduction would leave 500.
    const parts = {
      rule: { kind: "linear" as const, gramsPerUnit: "1.0005" },
      caps: { ...caps, unitsPerAct: "2", gramsPerAct: "1" },
      deductions: [{ reason: "half", bps: 5000 }],
    };
    expect(earns({ quantity: 3_000_000n as MicroUnits }, parts)).toMatchObject({ milligrams: 1000n });
    // 1 kWh at 0.6667 g less 50 % is 333.35 mg, three times it 1000.05: rounded twice it would be 999.
    const thirds = {
      rule: { kind: "linear" as const, gramsPerUnit: "0.6667" },
      deductions: parts.deductions,
    };
    expect(earns({ quantity: 3_000_000n as MicroUnits }, thirds)).toMatchObject({ milligrams: 1000n });
  });

  it("asks for eligibility before anything is counted", () => {
    const parts = {
      rule: { kind: "linear" as const, gramsPerUnit: "0.0001" },
      predicates: [{ attribute: "size", atMost: "1" }],
    };
    expect(earns({}, parts)).toMatchObject({ code: "attribute.missing", field: "attributes.size" });
    expect(earns({ attributes: { size: "1" } }, parts)).toMatchObject({ code: "reduction.zero" });
  });

  it("names the attribute in a refusal, and never what the record says of it", () => {
    const parts = { predicates: [{ attribute: "size", atMost: "1" }] };
    const refusal = earns({ attributes: { size: "98765.4321" } }, parts);
    expect(refusal).toMatchObject({ code: "predicate.at-most", field: "attributes.size" });
    expect(JSON.stringify(refusal)).toContain("(size)");
    expect(JSON.stringify(refusal)).not.toContain("98765");
  });
});
