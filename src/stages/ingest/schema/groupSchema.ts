import { z } from "zod";
import { SECONDS_PER_DAY, SECONDS_PER_MINUTE } from "../../../base/lib/time/units.ts";
import { columnList, columnRef, joinName, seconds, text } from "./fieldSchema.ts";

/** Sections of a profile whose acts are made of several rows. */

const columns = z.array(columnRef).min(1).max(3);

export const pairingSchema = z.strictObject({
  by: columnRef.describe("Column that names the card: taps of one card are paired with each other only."),
  at: z.strictObject({ columns: columns.describe("Columns of the tap's time, joined by one space.") }),
  kind: z
    .strictObject({
      column: columnRef.describe("Column that says what a tap is."),
      entry: z.array(text(200)).min(1).max(100).describe("Its words for an entry."),
      exit: z.array(text(200)).min(1).max(100).describe("Its words for an exit."),
      single: z
        .array(text(200))
        .max(100)
        .default([])
        .describe("Its words for a tap that is an act by itself, such as boarding a bus."),
    })
    .describe("Other words are refused as scenario.unknown."),
  entry: z
    .record(joinName, columnRef)
    .default({})
    .describe(
      "Fields of the entry tap for the act, read as { join: entry, field: … }. The act's own columns " +
        "are those of the exit.",
    ),
  maxSeconds: seconds.describe("An exit later than this after the entry belongs to no ride that counts."),
  exitWithoutEntry: z
    .enum(["refuse", "fare"])
    .default("refuse")
    .describe(
      "fare: a case for `tap: exit-only` says how such an exit counts; its acts carry the note " +
        "exit-without-entry.",
    ),
});

export const readingsSchema = z.strictObject({
  meter: columnRef.describe("Column that names the meter."),
  at: z.strictObject({
    columns: columns.describe("Columns of the reading's time, joined by one space."),
    marks: z
      .enum(["start", "end"])
      .default("start")
      .describe("Which end of its interval the time stands for."),
  }),
  value: z.union([
    z.strictObject({
      column: columnRef.describe("Where the reading stands: what was used in the interval."),
      unit: text(20).describe("Its unit: kWh, Wh, MWh, MJ."),
    }),
    z.strictObject({
      columns: columnList.describe(
        "Where the readings stand that one row holds side by side: 24 hours or 48 half hours of a day.",
      ),
      unit: text(20).describe("Their unit: kWh, Wh, MWh, MJ."),
    }),
  ]),
  everySeconds: z
    .int()
    .min(SECONDS_PER_MINUTE)
    .max(SECONDS_PER_DAY)
    .describe(
      "Length of the interval that one row covers: 86400 where it holds a day's readings. Days are " +
        "those of the time zone.",
    ),
  period: z
    .enum(["day", "month"])
    .describe(
      "The stretch of the time zone's calendar that is compared as a whole; it counts only where no " +
        "reading of it lacks or is zero.",
    ),
});

/** When a case applies. */
export const caseWhen = z.union([
  z.strictObject({ column: columnRef, in: z.array(z.string().max(200)).min(1).max(1000) }),
  z.strictObject({ tap: z.enum(["ride", "single", "exit-only"]) }),
]);

/** What taps of one card come to. */
export type TapCase = "ride" | "single" | "exit-only";
