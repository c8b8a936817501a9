import { z } from "zod";
import type { Unit } from "../../../base/types/activityRecord.ts";
import { columnList, fieldRef, text } from "./fieldSchema.ts";

/** The units of activity records. */
export const RECORD_UNITS = [
  "passenger-km",
  "km",
  "trip",
  "kWh",
  "meal",
  "g",
] as const satisfies readonly Unit[];

/** Spellings of durations: a number of a unit, a clock, ISO 8601, or numbers with their units in words. */
export const DURATION_UNITS = [
  "milliseconds",
  "seconds",
  "minutes",
  "hours",
  "h:mm:ss",
  "h:mm",
  "m:ss",
  "iso",
  "words",
] as const;
export type DurationUnit = (typeof DURATION_UNITS)[number];

/** How much an act comes to: the forms of a profile's section `quantity`. */

/** Exact decimal. YAML may give a number; its shortest spelling is what was written, up to 15 digits. */
export const decimal = z
  .union([z.string(), z.number().transform(String)])
  .refine(
    (value) => /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/.test(value),
    "must be a plain decimal number",
  );
export const positiveDecimal = decimal.refine((value) => !value.startsWith("-"), "must not be negative");

const point = z.union([
  z.strictObject({
    latitude: fieldRef.describe("Degrees north, WGS 84."),
    longitude: fieldRef.describe("Degrees east, WGS 84."),
  }),
  z.strictObject({
    column: fieldRef.describe(
      "Where both stand in one cell: 22.5,114.1 or [114.1, 22.5] or POINT(114.1 22.5).",
    ),
    order: z.enum(["latitude longitude", "longitude latitude"]).describe("Which comes first in the cell."),
  }),
]);
const unit = z.enum(RECORD_UNITS);
const unitInFile = text(20).describe(
  "Unit in the file: km, m, cm, mi, yd, ft, kWh, Wh, MWh, kJ, MJ, GJ, g, kg, trip, meal, passenger-km; " +
    "with a number before it where the file counts in parts or multiples: 0.01 kWh, 100 m.",
);

const times = fieldRef
  .nullable()
  .default(null)
  .describe("Where a whole number stands by which it counts, such as passengers.");

export const quantitySchema = z.union([
  z.strictObject({
    column: fieldRef.describe("Where the number stands."),
    unit: unitInFile,
    as: unit.describe("Unit of the record. Conversion is exact; what is below a millionth is dropped."),
    times,
  }),
  z.strictObject({
    column: fieldRef.describe("Where the number stands."),
    unitColumn: fieldRef.describe("Where its unit stands, one of the units of records."),
  }),
  z.strictObject({
    column: fieldRef.describe("Where the number stands."),
    unitColumn: fieldRef
      .nullable()
      .default(null)
      .describe("Where its unit stands. Null: in the same cell, behind the number."),
    units: z
      .record(z.string().max(40), unitInFile)
      .describe("The provider's word for each unit → the unit. An empty word: where none stands."),
    as: unit.describe("Unit of the record."),
    times,
  }),
  z.strictObject({
    sum: z
      .strictObject({
        plus: columnList.describe(
          "Columns that are added: energies of several tariffs, the later of two meter readings.",
        ),
        minus: columnList
          .default([])
          .describe("Columns that are taken off: the earlier of two meter readings."),
        empty: z
          .enum(["reject", "zero"])
          .default("reject")
          .describe("zero: an empty one counts nothing, where not all are empty."),
      })
      .describe("Sum or difference of columns."),
    unit: unitInFile,
    as: unit.describe("Unit of the record."),
    times,
  }),
  z.strictObject({
    constant: positiveDecimal.describe("The same for every row, such as 1 trip."),
    as: unit.describe("Unit of the record."),
  }),
  z.strictObject({
    greatCircle: z
      .strictObject({ from: point, to: point })
      .describe("Distance between two places, rounded down to whole metres."),
    as: z.enum(["km", "passenger-km"]).describe("Unit of the record."),
    times,
  }),
  z.strictObject({
    below: z
      .strictObject({
        baseline: fieldRef.describe("Where the baseline stands: what would have been used."),
        used: fieldRef.describe("Where stands what was used."),
      })
      .describe("Baseline less use. Where nothing is below the baseline, nothing counts."),
    unit: unitInFile,
    as: unit.describe("Unit of the record."),
  }),
]);

export type Quantity = z.output<typeof quantitySchema>;
export type Point = z.output<typeof point>;
