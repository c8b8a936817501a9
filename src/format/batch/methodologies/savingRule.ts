import { z } from "zod";
import { attributeName } from "./attributes.ts";
import { factorField, unitsField } from "./members.ts";

/** (Reference - quantity) times factor. */
export const savingRule = z.strictObject({
  kind: z.literal("saving"),
  reference: attributeName,
  leastBps: z.int().min(0).max(10_000),
  floorUnits: unitsField,
  gramsPerUnit: factorField,
});
