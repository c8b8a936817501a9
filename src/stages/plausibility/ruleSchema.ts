import { z } from "zod";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR } from "../../base/lib/time/units.ts";
import { SCENARIO_CLASSES } from "../../format/batch/classes/scenarioClasses.ts";
import { regionField } from "../../format/schema.ts";

/**
 * Closed schema `microtonne-plausibility/1`: what one act, and one subject's day, of a scenario class can be.
 * Every bound names its source.
 */

const source = z
  .string()
  .min(1)
  .max(300)
  .describe("Where the bound comes from; `Ours` where it is our own judgement.");
/** Plain decimal with at most six places, in the class's unit. */
const amount = z.string().regex(/^(?:0|[1-9][0-9]{0,8})(?:\.[0-9]{1,6})?$/, "must be a plain decimal number");
const seconds = z.int().positive().max(40_000_000);
const count = z.int().positive().max(1000);
const clock = z.string().regex(/^(?:[01][0-9]|2[0-3]):[0-5][0-9]$/, "must be HH:mm");
const className = z.enum(SCENARIO_CLASSES.map(({ name }) => name) as [string, ...string[]]);

/** What one act can be. */
export const actBounds = z.strictObject({
  quantity: z.strictObject({ max: amount, source }).describe("The most that one act comes to."),
  seconds: z.strictObject({ max: seconds, source }).describe("The longest that one act lasts."),
  speed: z
    .strictObject({ maxKmh: amount, source })
    .optional()
    .describe("The highest mean speed; the unit is km or passenger-km."),
  power: z
    .strictObject({ maxKw: amount, source })
    .optional()
    .describe("The highest mean power; the unit is kWh."),
  hours: z
    .strictObject({ from: clock, to: clock, source })
    .optional()
    .describe("When acts start, in local time; `to` may lie behind midnight."),
});
/** What a subject's day can be. */
export const dayBounds = z.strictObject({
  acts: z.strictObject({ max: count, source }).describe("The most acts of the class on one local day."),
  quantity: z
    .strictObject({ max: amount, source })
    .optional()
    .describe("The most that the acts of one local day come to."),
  gapSeconds: z
    .strictObject({ min: seconds.max(SECONDS_PER_DAY), source })
    .optional()
    .describe("The least time from one act's end to the next one's start."),
  atOnce: z
    .strictObject({
      excludes: z
        .array(className)
        .min(1)
        .describe("Classes in which the subject can't be at the same time; symmetric."),
      leastSeconds: z
        .int()
        .positive()
        .max(SECONDS_PER_HOUR)
        .describe("How long an act lasts of which no end is known."),
      toleranceSeconds: z
        .int()
        .nonnegative()
        .max(SECONDS_PER_HOUR)
        .describe("Two acts may overlap by so much: clocks differ, and some cut to the minute."),
      source,
    })
    .nullable(),
});
const region = z.strictObject({
  act: actBounds.partial().optional(),
  day: dayBounds.omit({ atOnce: true }).partial().optional(),
});

export const ruleSchema = z.strictObject({
  schema: z.literal("microtonne-plausibility/1"),
  scenario: className,
  act: actBounds,
  day: dayBounds,
  regions: z.record(regionField, region).describe("Bounds that stand in for the ones above in one region."),
});

/** The bounds of one scenario class. */
export type ScenarioRules = z.output<typeof ruleSchema>;
export type ActBounds = ScenarioRules["act"];
export type DayBounds = ScenarioRules["day"];
