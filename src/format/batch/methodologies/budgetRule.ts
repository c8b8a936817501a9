import { z } from "zod";
import { attributeName } from "./attributes.ts";
import { gramsCapField } from "./members.ts";

/** Budget of a week, less what was emitted. */
export const budgetRule = z.strictObject({
  kind: z.literal("budget"),
  gramsPerPeriod: gramsCapField,
  period: z.literal("week"),
  coverage: attributeName,
  leastCoverage: z.int().min(1).max(7),
});
