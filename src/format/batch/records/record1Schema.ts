import { z } from "zod";
import { SCENARIO_CLASSES } from "../scenarioClasses.ts";
import { checkEnd, recordMembers, unitField } from "./recordFields.ts";

/** Closed schema `microtonne-record/1`: what a leaf's `recordHash` covers. */
export const record1Schema = z
  .strictObject({
    ...recordMembers,
    scenario: z
      .string()
      .refine((name) => SCENARIO_CLASSES.some((entry) => entry.name === name), "must be a scenario class"),
    unit: unitField(() => true),
  })
  .superRefine((value, context) => {
    const unit = SCENARIO_CLASSES.find(({ name }) => name === value.scenario)?.unit;
    if (unit !== undefined && unit !== value.unit) {
      context.addIssue({ code: "custom", path: ["unit"], message: "must be the unit of its scenario" });
    }
    checkEnd(value, context);
  });
