import { z } from "zod";
import { utf8 } from "../../base/lib/bytes.ts";
import { formatDecimal, isMinimalDecimal, MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import type { Unit } from "../../base/types/activityRecord.ts";
import type { MicroUnits } from "../../base/types/quantities.ts";
import { providerField, unixSecondsField } from "../schema.ts";

/** In UTF-8 bytes. */
export const MAX_RECORD_ID_BYTES = 128;

const quantityField = z.codec(
  z
    .string()
    .refine(
      (text) =>
        text.length <= 31 && isMinimalDecimal(text) && (text.split(".")[1] ?? "").length <= MICRO_PLACES,
      {
        message: "must be a minimal decimal with at most 6 places",
      },
    ),
  z.custom<MicroUnits>((value) => typeof value === "bigint" && value >= 0n, "must not be negative"),
  {
    decode: (text) => scaleDecimal(text, MICRO_PLACES) as MicroUnits,
    encode: (quantity) => formatDecimal(quantity, MICRO_PLACES),
  },
);

/** Members of a record that both forms write alike. */
export const recordMembers = {
  provider: providerField,
  recordId: z
    .string()
    .refine((id) => id !== "" && utf8(id).length <= MAX_RECORD_ID_BYTES, "must have 1 to 128 UTF-8 bytes"),
  startedAt: unixSecondsField,
  endedAt: unixSecondsField.nullable(),
  quantity: quantityField,
};

/** A unit by its spelling; which one a record must have is its scenario class's to say. */
export const unitField = (fits: (unit: string) => boolean) =>
  z.custom<Unit>((value) => typeof value === "string" && fits(value), "must be a unit");

/** Adds an issue where a record ends before it starts. */
export function checkEnd(
  value: { readonly startedAt: number; readonly endedAt: number | null },
  context: z.RefinementCtx,
): void {
  if (value.endedAt !== null && value.endedAt < value.startedAt)
    context.addIssue({ code: "custom", path: ["endedAt"], message: "must not be before startedAt" });
}
