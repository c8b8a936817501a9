import { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { isMinimalDecimal } from "../../base/lib/decimal.ts";
import { MILLISECONDS_PER_DAY } from "../../base/lib/time.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day } from "../../base/types/quantities.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import { SCENARIO_CLASSES } from "./scenarioClasses.ts";
import { decodeWith, regionField, timeZoneField } from "../schema.ts";
import { CALENDAR_DATE } from "../../base/lib/textPatterns.ts";

/** NFC is checked when the canonical JSON is written. */
const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text !== "" && text.trim() === text, "must be a text without space at its ends");
const positiveDecimal = z
  .string()
  .max(40)
  .refine(
    (text) => isMinimalDecimal(text) && text !== "0",
    "must be a minimal decimal above 0, such as 78.4",
  );
const calendarDay = z
  .string()
  .refine((text) => Number.isInteger(dayNumber(text)), "must be a calendar day YYYY-MM-DD from 1970 on");

/** Closed schema `microtonne-methodology/1`. */
export const methodologySchema = z
  .strictObject({
    schema: z.literal("microtonne-methodology/1"),
    code: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/, "must match [A-Za-z0-9][A-Za-z0-9._-]{1,63}"),
    version: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}"),
    title: shortText(200),
    region: regionField,
    timeZone: timeZoneField,
    scenario: z
      .string()
      .refine((name) => SCENARIO_CLASSES.some((entry) => entry.name === name), "must be a scenario class"),
    unit: z.custom<Unit>((value) => typeof value === "string", "must be a unit"),
    gramsPerUnit: positiveDecimal,
    validFrom: calendarDay,
    validTo: calendarDay,
    caps: z.strictObject({ unitsPerAct: positiveDecimal.nullable() }),
    source: shortText(1000),
  })
  .superRefine((value, context) => {
    const unit = SCENARIO_CLASSES.find(({ name }) => name === value.scenario)?.unit;
    if (unit !== undefined && unit !== value.unit) {
      context.addIssue({
        code: "custom",
        path: ["unit"],
        message: `must be ${unit}, the unit of its scenario`,
      });
    }
    if (value.validFrom > value.validTo)
      context.addIssue({ code: "custom", path: ["validTo"], message: "must not be before validFrom" });
  });

/** Of any schema; `schema` tells which. */
export const anyMethodologySchema = z.discriminatedUnion("schema", [methodologySchema]);

/** What a methodology counts; those of the first schema count acts. */
export function methodologyCategory(methodology: Methodology): "act" | "project" | "behaviour" {
  return "category" in methodology ? (methodology.category as "act" | "project" | "behaviour") : "act";
}

/**
 * A methodology version out of parsed JSON.
 * @throws InputError `methodology.malformed` naming the field, or as `canonicalJson`
 */
export function parseMethodology(value: unknown): Methodology {
  const methodology: Methodology = decodeWith(
    methodologySchema,
    value,
    "methodology.malformed",
    "methodology",
  );
  canonicalJson(methodology);
  return methodology;
}

/** keccak-256 of the canonical JSON of the whole version. */
export function methodologyIdOf(methodology: Methodology): MethodologyId {
  return toHex(keccak(utf8(canonicalJson(methodology)))) as MethodologyId;
}

/** True for methodologies that exist for tests only and are refused outside a local network. */
export function isTestMethodology(methodology: Pick<Methodology, "code">): boolean {
  return methodology.code.toUpperCase().startsWith("TEST-");
}

/** First and last day of validity, both inclusive, as days since 1970-01-01 in the methodology's zone. */
export function validityDays(methodology: Pick<Methodology, "validFrom" | "validTo">): {
  first: Day;
  last: Day;
} {
  return { first: dayNumber(methodology.validFrom) as Day, last: dayNumber(methodology.validTo) as Day };
}

/** Days since 1970-01-01 of `YYYY-MM-DD`, or NaN for what is no such day. */
function dayNumber(text: string): number {
  if (!CALENDAR_DATE.test(text)) return Number.NaN;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  // Engines differ on 31 February: some roll over. The way back must give the same text.
  if (!(milliseconds >= 0) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return Number.NaN;
  return milliseconds / MILLISECONDS_PER_DAY;
}
