import { parseDay } from "../../../base/lib/time/calendar.ts";
import { WHOLE_BPS } from "../../../base/lib/basisPoints.ts";
import { ascends } from "../../../base/lib/ascends.ts";
import { z } from "zod";
import type { Unit } from "../../../base/types/activityRecord.ts";
import { DOCUMENT_KINDS, METHODOLOGY_CATEGORIES } from "../../../base/types/methodology.ts";
import { SCENARIO_NAME, UNIT_NAME } from "../../../base/lib/textPatterns.ts";
import { SECONDS_PER_DAY } from "../../../base/lib/time/units.ts";
import { providerField, word32 } from "../../schema.ts";
import { calendarDay, namedMembers } from "../../v1/methodologyFields.ts";
import { budgetRule } from "./budgetRule.ts";
import { linearRule } from "./linearRule.ts";
import { gramsCapField, plainText, unitsCapField } from "./members.ts";
import { predicateSchema } from "./predicate.ts";
import { savingRule } from "./savingRule.ts";
import { tableRule } from "./tableRule.ts";
import { lastMinute, utcMinute } from "./utcMinute.ts";

const minuteField = z
  .string()
  .refine((text) => Number.isInteger(utcMinute(text)), "must be a UTC minute YYYY-MM-DDTHH:MMZ from 1970 on");

const signaturesSchema = z
  .strictObject({
    least: z.int().min(1).max(64),
    of: z.array(providerField).min(1).max(64).refine(ascends, "must ascend, each once").nullable(),
  })
  .refine(({ least, of }) => of === null || least <= of.length, "must not ask for more than it names");

const documentsSchema = z
  .array(z.strictObject({ kind: z.enum(DOCUMENT_KINDS), hash: word32 }))
  .max(DOCUMENT_KINDS.length)
  .refine((documents) => ascends(documents.map(({ kind }) => kind)), "must ascend by kind, each once");

const deductionsSchema = z
  .array(z.strictObject({ reason: plainText(200), bps: z.int().min(1).max(WHOLE_BPS) }))
  .max(16)
  .refine(
    (deductions) => deductions.reduce((sum, { bps }) => sum + bps, 0) <= WHOLE_BPS,
    "must be 10,000 ten-thousandths together at most",
  );

/** Closed schema `microtonne-methodology/2`. */
export const methodology2Schema = z
  .strictObject({
    ...namedMembers,
    title: plainText(200),
    source: plainText(1000),
    schema: z.literal("microtonne-methodology/2"),
    // That they are a class's is held against the list of classes of whoever uses the methodology.
    scenario: z.string().regex(SCENARIO_NAME, "must be the name of a scenario class"),
    unit: z.custom<Unit>((value) => typeof value === "string" && UNIT_NAME.test(value), "must be a unit"),
    category: z.enum(METHODOLOGY_CATEGORIES),
    validFrom: minuteField,
    validTo: minuteField,
    days: z.strictObject({ first: calendarDay, last: calendarDay }),
    rule: z.discriminatedUnion("kind", [linearRule, tableRule, savingRule, budgetRule]),
    caps: z.strictObject({
      unitsPerAct: unitsCapField.nullable(),
      gramsPerAct: gramsCapField.nullable(),
      gramsPerSubjectDay: gramsCapField.nullable(),
      gramsPerSubjectYear: gramsCapField.nullable(),
      gramsPerProgrammeYear: gramsCapField.nullable(),
    }),
    deductions: deductionsSchema,
    predicates: z.array(predicateSchema).max(32),
    signatures: signaturesSchema.nullable(),
    documents: documentsSchema,
  })
  .superRefine(({ validFrom, validTo, days, rule, caps, unit }, context) => {
    const fault = (path: string[], message: string): void =>
      context.addIssue({ code: "custom", path, message });
    if (utcMinute(validFrom) >= utcMinute(validTo)) fault(["validTo"], "must be after validFrom");
    if (!isNear(days.first, utcMinute(validFrom)))
      fault(["days", "first"], "must be the day of validFrom in timeZone, within a day of its UTC date");
    if (!isNear(days.last, lastMinute(validTo)))
      fault(["days", "last"], "must be the day of the minute before validTo, within a day of its UTC date");
    if (days.first > days.last) fault(["days", "last"], "must not be before days.first");
    if (caps.unitsPerAct !== null && (rule.kind === "saving" || rule.kind === "budget"))
      fault(["caps", "unitsPerAct"], `must be null: the quantity of a ${rule.kind} is not what earns`);
    if (rule.kind === "budget" && unit !== "g")
      fault(["unit"], "must be g: the quantity of a budget is grams emitted");
  });

/** What a wall clock shows is never more than a day from UTC. */
function isNear(day: string, instant: number): boolean {
  const number = parseDay(day);
  return number !== null && Math.abs(number - Math.floor(instant / SECONDS_PER_DAY)) <= 1;
}
