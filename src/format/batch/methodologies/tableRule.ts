import { ascends } from "../../../base/lib/ascends.ts";
import { z } from "zod";
import { TABLE_PERIODS, type TablePeriod } from "../../../base/types/methodology.ts";
import { attributeName, attributeValue } from "./attributes.ts";
import { factorField } from "./members.ts";

const PERIOD_VALUES: Readonly<Record<TablePeriod, RegExp>> = {
  year: /^[0-9]{4}$/,
  quarter: /^[0-9]{4}-Q[1-4]$/,
  month: /^[0-9]{4}-(?:0[1-9]|1[0-2])$/,
};

/** Quantity times the factor of a row. */
export const tableRule = z
  .strictObject({
    kind: z.literal("table"),
    by: z.union([z.enum(TABLE_PERIODS), z.strictObject({ attribute: attributeName })]),
    rows: z
      .array(z.strictObject({ value: attributeValue, gramsPerUnit: factorField }))
      .min(1)
      .max(1000)
      .refine((rows) => ascends(rows.map(({ value }) => value)), "must ascend by value, each once"),
  })
  .superRefine(({ by, rows }, context) => {
    if (typeof by !== "string") return;
    const at = rows.findIndex(({ value }) => !PERIOD_VALUES[by].test(value));
    if (at >= 0)
      context.addIssue({
        code: "custom",
        path: ["rows", at, "value"],
        message: "must be a period such as 2025, 2025-Q3 or 2025-07, as `by` says",
      });
  });
