import { z } from "zod";
import { isMinimalDecimal } from "../../base/lib/decimal.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import { calendarDay, namedMembers } from "./methodologyFields.ts";
import { classUnit1 } from "./scenarioClasses.ts";

const positiveDecimal = z
  .string()
  .max(40)
  .refine(
    (text) => isMinimalDecimal(text) && text !== "0",
    "must be a minimal decimal above 0, such as 78.4",
  );

/** Closed schema `microtonne-methodology/1`, frozen: of the classes of the first list and no others. */
export const methodology1Schema = z
  .strictObject({
    ...namedMembers,
    schema: z.literal("microtonne-methodology/1"),
    scenario: z.string().refine((name) => classUnit1(name) !== null, "must be a scenario class"),
    unit: z.custom<Unit>((value) => typeof value === "string", "must be a unit"),
    gramsPerUnit: positiveDecimal,
    validFrom: calendarDay,
    validTo: calendarDay,
    caps: z.strictObject({ unitsPerAct: positiveDecimal.nullable() }),
  })
  .superRefine((value, context) => {
    const unit = classUnit1(value.scenario);
    if (unit !== null && unit !== value.unit) {
      context.addIssue({
        code: "custom",
        path: ["unit"],
        message: `must be ${unit}, the unit of its scenario`,
      });
    }
    if (value.validFrom > value.validTo)
      context.addIssue({ code: "custom", path: ["validTo"], message: "must not be before validFrom" });
  });
