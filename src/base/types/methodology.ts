import type { RegionCode } from "./ids.ts";
import type { Unit } from "./activityRecord.ts";

/**
 * One version of a rule that turns a quantity into a reduction, in either published form. Its id is the hash
 * of its canonical JSON (`format/batch/methodology.ts`), so nothing in it can change without becoming another
 * version.
 */
export type Methodology = Methodology1 | Methodology2;

/** What both forms say. */
interface NamedMethodology {
  /** E.g. `WUHAN-METRO`. Codes that begin with `TEST-` are refused outside a local network. */
  readonly code: string;
  readonly version: string;
  readonly title: string;
  readonly region: RegionCode;
  /** IANA name; days of vintage and validity are days in this zone. */
  readonly timeZone: string;
  readonly scenario: string;
  readonly unit: Unit;
  /** Where the factor and the rule come from. */
  readonly source: string;
}

/** Closed schema `microtonne-methodology/1`: a factor per unit, valid on whole days. */
export interface Methodology1 extends NamedMethodology {
  readonly schema: "microtonne-methodology/1";
  /** Grams of CO2e saved per unit, minimal decimal, e.g. "78.4". */
  readonly gramsPerUnit: string;
  /** First and last calendar day on which an act may start, `YYYY-MM-DD`, both inclusive. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly caps: {
    /**
     * The most that one act counts for, in units, minimal decimal; what is above earns nothing. Null: no cap.
     */
    readonly unitsPerAct: string | null;
  };
}

/** Closed schema `microtonne-methodology/2`. Decimals are minimal decimals such as "78.4". */
export interface Methodology2 extends NamedMethodology {
  readonly schema: "microtonne-methodology/2";
  /** What its leaves are; a batch holds one category. `behaviour` is counted and never committed. */
  readonly category: MethodologyCategory;
  /** UTC minutes `YYYY-MM-DDTHH:MMZ`, from inclusive, to exclusive: the start of the act decides. */
  readonly validFrom: string;
  readonly validTo: string;
  /** The same as calendar days of `timeZone`, both inclusive: what the chain knows. */
  readonly days: { readonly first: string; readonly last: string };
  readonly rule: MethodologyRule;
  readonly caps: MethodologyCaps;
  /** Taken off last, together at most 10,000 ten-thousandths. */
  readonly deductions: readonly { readonly reason: string; readonly bps: number }[];
  /** All must hold, else the act earns nothing. */
  readonly predicates: readonly MethodologyPredicate[];
  /** Providers that must have signed: `least` of those named, or of any. Null asks for none. */
  readonly signatures: { readonly least: number; readonly of: readonly string[] | null } | null;
  /** Ascending by kind: documents behind the rule, by the keccak-256 of their bytes. */
  readonly documents: readonly { readonly kind: DocumentKind; readonly hash: string }[];
}

export const METHODOLOGY_CATEGORIES = ["act", "project", "behaviour"] as const;
export type MethodologyCategory = (typeof METHODOLOGY_CATEGORIES)[number];

export const DOCUMENT_KINDS = ["additionality", "baseline", "leakage", "monitoring", "uncertainty"] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];

export type MethodologyRule = LinearRule | TableRule | SavingRule | BudgetRule;

/** Quantity times factor. */
export interface LinearRule {
  readonly kind: "linear";
  readonly gramsPerUnit: string;
}

/** Quantity times the factor of the start's period in the methodology's zone, or of an attribute's text. */
export interface TableRule {
  readonly kind: "table";
  readonly by: TablePeriod | { readonly attribute: string };
  /** Ascending by value. */
  readonly rows: readonly { readonly value: string; readonly gramsPerUnit: string }[];
}
export const TABLE_PERIODS = ["year", "quarter", "month"] as const;
export type TablePeriod = (typeof TABLE_PERIODS)[number];

/** (Reference - quantity) times factor, where the saving is large enough. */
export interface SavingRule {
  readonly kind: "saving";
  /** The attribute that tells the reference, in the methodology's unit. */
  readonly reference: string;
  /** Least share of the reference, in ten-thousandths, and least units that must have been saved. */
  readonly leastBps: number;
  readonly floorUnits: string;
  readonly gramsPerUnit: string;
}

/** What a subject's week left of its budget; the quantity is grams emitted. */
export interface BudgetRule {
  readonly kind: "budget";
  readonly gramsPerPeriod: string;
  readonly period: "week";
  /** The attribute that tells how many of the week's days were measured. */
  readonly coverage: string;
  readonly leastCoverage: number;
}

/** The most that counts; what is above earns nothing. Null: no cap. */
export interface MethodologyCaps {
  /** Of a quantity, in units; for `linear` and `table` only. */
  readonly unitsPerAct: string | null;
  readonly gramsPerAct: string | null;
  readonly gramsPerSubjectDay: string | null;
  readonly gramsPerSubjectYear: string | null;
  readonly gramsPerProgrammeYear: string | null;
}

/** A condition on one attribute of the record, its bounds inclusive. */
export type MethodologyPredicate = { readonly attribute: string } & (
  | { readonly atMost: string }
  | { readonly atLeast: string }
  | { readonly oneOf: readonly string[] }
  | { readonly notBefore: string }
  | { readonly notAfter: string }
);
