import type { RegionCode } from "./ids.ts";
import type { Unit } from "./activityRecord.ts";

/**
 * One version of a rule that turns a quantity into a reduction. Closed schema `microtonne-methodology/1`; its
 * id is the hash of its canonical JSON (`format/methodology.ts`), so nothing in it can change without
 * becoming another version.
 */
export interface Methodology {
  readonly schema: "microtonne-methodology/1";
  /** E.g. `WUHAN-METRO`. Codes that begin with `TEST-` are refused outside a local network. */
  readonly code: string;
  readonly version: string;
  readonly title: string;
  readonly region: RegionCode;
  /** IANA name; days of vintage and validity are days in this zone. */
  readonly timeZone: string;
  readonly scenario: string;
  readonly unit: Unit;
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
  /** Where the factor and the rule come from. */
  readonly source: string;
}
