import { z } from "zod";
import { checkEnd, recordMembers, unitField } from "./recordFields.ts";
import { classUnit1 } from "./scenarioClasses.ts";

/**
 * Closed schema `microtonne-record/1`, frozen: what a leaf's `recordHash` covers, of the classes of the first
 * list and no others.
 */
export const record1Schema = z
  .strictObject({
    ...recordMembers,
    scenario: z.string().refine((name) => classUnit1(name) !== null, "must be a scenario class"),
    unit: unitField(() => true),
  })
  .superRefine((value, context) => {
    const unit = classUnit1(value.scenario);
    if (unit !== null && unit !== value.unit) {
      context.addIssue({ code: "custom", path: ["unit"], message: "must be the unit of its scenario" });
    }
    checkEnd(value, context);
  });
