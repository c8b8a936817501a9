import { z } from "zod";
import type { Unit } from "../../../base/types/activityRecord.ts";
import { SCENARIO_CLASSES } from "../scenarioClasses.ts";
import { calendarDay, namedMembers, positiveDecimal } from "./members.ts";

/** Closed schema `microtonne-methodology/1`. */
export const methodology1Schema = z
  .strictObject({
    ...namedMembers,
    schema: z.literal("microtonne-methodology/1"),
    scenario: z
      .string()
      .refine((name) => SCENARIO_CLASSES.some((entry) => entry.name === name), "must be a scenario class"),
    unit: z.custom<Unit>((value) => typeof value === "string", "must be a unit"),
    gramsPerUnit: positiveDecimal,
    validFrom: calendarDay,
    validTo: calendarDay,
    caps: z.strictObject({ unitsPerAct: positiveDecimal.nullable() }),
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
