import { z } from "zod";
import { SCENARIO_NAME, UNIT_NAME } from "../../../base/lib/textPatterns.ts";
import { additionMembers, fitRevisions } from "./additions.ts";
import { checkEnd, recordMembers, unitField } from "../../v1/recordFields.ts";

/**
 * Closed schema `microtonne-record/2`. Scenario and unit are held against the batch's list of classes, not
 * here: lists grow.
 */
export const record2Schema = z
  .strictObject({
    ...recordMembers,
    ...additionMembers,
    scenario: z.string().regex(SCENARIO_NAME, "must be the name of a scenario class"),
    unit: unitField((unit) => UNIT_NAME.test(unit)),
  })
  .superRefine((value, context) => {
    checkEnd(value, context);
    if (!fitRevisions(value.revision, value.previousRevision))
      context.addIssue({
        code: "custom",
        path: ["previousRevision"],
        message: "must be null at revision 0, and only there",
      });
  });
