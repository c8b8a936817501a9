import { WHOLE_BPS } from "../../../base/lib/basisPoints.ts";
import { z } from "zod";
import { attributeName } from "./attributes.ts";
import { factorField, unitsField } from "./members.ts";

/** (Reference - quantity) times factor. */
export const savingRule = z.strictObject({
  kind: z.literal("saving"),
  reference: attributeName,
  leastBps: z.int().min(0).max(WHOLE_BPS),
  floorUnits: unitsField,
  gramsPerUnit: factorField,
});
