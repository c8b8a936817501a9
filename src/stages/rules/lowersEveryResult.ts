import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import type { Rule, RuleContent } from "./ports.ts";

/** Caps on days and years, whose use is counted over all versions of a code. */
const PERIOD_CAPS = ["gramsPerSubjectDay", "gramsPerSubjectYear", "gramsPerProgrammeYear"] as const;

/** Of a methodology, in either form, as far as linear ones are compared. */
interface Linear {
  /** What is counted as behaviour is never minted, so a category is no step on the way of another. */
  readonly category: string;
  readonly unit: string;
  readonly gramsPerUnit: string;
  readonly caps: Readonly<Record<string, string | null>>;
  readonly bps: number;
  readonly predicates: readonly string[];
  readonly signatures: string;
}

/**
 * Whether a version gives for no act more than the version that it follows on: both linear, of one category
 * and unit, factor by factor, and of one code where caps are on days and years. Of the other kinds, and where
 * nothing came before it, nobody can tell: then it does not. What was withdrawn gives nothing any more.
 * @param others published and withdrawn ones, among which is the version that ends where this one begins
 */
export function lowersEveryResult(
  content: RuleContent,
  others: readonly (RuleContent & Pick<Rule, "state">)[],
): boolean {
  const before = others.filter(
    (other) =>
      other.id !== content.id &&
      other.kind === content.kind &&
      other.region === content.region &&
      other.scenario === content.scenario &&
      other.state === "published" &&
      other.validTo === content.validFrom,
  );
  const next = linearOf(content);
  if (next === null || before.length === 0) return false;
  return before.every((other) => {
    const earlier = linearOf(other);
    if (earlier === null || !isNowhereAbove(next, earlier)) return false;
    // Another code begins a new allowance of days and years.
    return other.name === content.name || !hasPeriodCaps(earlier);
  });
}

function isNowhereAbove(next: Linear, before: Linear): boolean {
  return (
    next.category === before.category &&
    next.unit === before.unit &&
    isAtMost(next, before) &&
    Object.entries(before.caps).every(([name, cap]) => {
      const own = next.caps[name] ?? null;
      return cap === null || (own !== null && compareDecimals(own, cap) <= 0);
    }) &&
    before.predicates.every((predicate) => next.predicates.includes(predicate)) &&
    (before.signatures === "null" || before.signatures === next.signatures)
  );
}

function hasPeriodCaps({ caps }: Linear): boolean {
  return PERIOD_CAPS.some((name) => (caps[name] ?? null) !== null);
}

/** Factor less deductions, compared exactly. */
function isAtMost(next: Linear, before: Linear): boolean {
  const [factor, times] = scaledTogether(next.gramsPerUnit, before.gramsPerUnit);
  return factor * BigInt(WHOLE_BPS - next.bps) <= times * BigInt(WHOLE_BPS - before.bps);
}

function compareDecimals(a: string, b: string): number {
  const [left, right] = scaledTogether(a, b);
  return left < right ? -1 : Number(left > right);
}

/** Two plain decimals as integers of one scale, however long they are. */
function scaledTogether(a: string, b: string): [bigint, bigint] {
  const places = Math.max(...[a, b].map((text) => text.split(".")[1]?.length ?? 0));
  const scaled = (text: string): bigint => {
    const [whole = "0", fraction = ""] = text.split(".");
    return BigInt(whole + fraction.padEnd(places, "0"));
  };
  return [scaled(a), scaled(b)];
}

/** Null for what is not linear. The JSON was checked against its schema when it came in. */
function linearOf({ kind, json }: RuleContent): Linear | null {
  if (kind !== "methodology") return null;
  const value = JSON.parse(json) as {
    category?: string;
    unit: string;
    gramsPerUnit?: string;
    rule?: { kind: string; gramsPerUnit?: string };
    caps: Linear["caps"];
    deductions?: readonly { bps: number }[];
    predicates?: readonly unknown[];
    signatures?: unknown;
  };
  const factor = value.rule ? value.rule.gramsPerUnit : value.gramsPerUnit;
  if ((value.rule && value.rule.kind !== "linear") || factor === undefined) return null;
  return {
    category: value.category ?? "act",
    unit: value.unit,
    gramsPerUnit: factor,
    caps: value.caps,
    bps: (value.deductions ?? []).reduce((sum, { bps }) => sum + bps, 0),
    predicates: (value.predicates ?? []).map((one) => canonicalJson(one)),
    signatures: canonicalJson(value.signatures ?? null),
  };
}
