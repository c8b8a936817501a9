import { z } from "zod";
import { providerField, regionField, timeZoneField } from "../../format/schema.ts";
import { columnRef, fieldRef, joinName, seconds, text } from "./fieldSchema.ts";
import { csvFormat, formatSchema } from "./formatSchema.ts";
import { caseWhen, pairingSchema, readingsSchema } from "./groupSchema.ts";
import { RECORD_UNITS } from "./units.ts";

/** Closed schema of a provider profile, `microtonne-profile/1`. `describe` texts are the field's documentation; docs are printed from them. */

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, "must match [a-z0-9][a-z0-9-]{1,63}");
/** Exact decimal. YAML may give a number; its shortest spelling is what was written, up to 15 digits. */
const decimal = z
  .union([z.string(), z.number().transform(String)])
  .refine((value) => /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/.test(value), "must be a plain decimal number");
const positiveDecimal = decimal.refine((value) => !value.startsWith("-"), "must not be negative");

const point = z.strictObject({
  latitude: fieldRef.describe("Degrees north, WGS 84."),
  longitude: fieldRef.describe("Degrees east, WGS 84."),
});
const unit = z.enum(RECORD_UNITS);
const quantity = z.union([
  z.strictObject({
    column: fieldRef.describe("Where the number stands."),
    unit: text(20).describe("Unit in the file: km, m, mi, kWh, Wh, MWh, MJ, trip, meal, passenger-km."),
    as: unit.describe("Unit of the record. Conversion is exact; what is below a millionth is dropped."),
  }),
  z.strictObject({
    column: fieldRef.describe("Where the number stands."),
    unitColumn: fieldRef.describe("Where its unit stands, one of the units of records."),
  }),
  z.strictObject({
    constant: positiveDecimal.describe("The same for every row, such as 1 trip."),
    as: unit.describe("Unit of the record."),
  }),
  z.strictObject({
    greatCircle: z.strictObject({ from: point, to: point }).describe("Distance between two places, rounded down to whole metres."),
    as: z.enum(["km", "passenger-km"]).describe("Unit of the record."),
  }),
  z.strictObject({
    below: z
      .strictObject({
        baseline: fieldRef.describe("Where the baseline stands: what would have been used."),
        used: fieldRef.describe("Where stands what was used."),
      })
      .describe("Baseline less use. Where nothing is below the baseline, nothing counts."),
    unit: text(20).describe("Unit of both in the file."),
    as: unit.describe("Unit of the record."),
  }),
]);

const join = z
  .strictObject({
    name: joinName.describe("Name by which fields refer to this join."),
    column: fieldRef.describe("Column of the row, or field of an earlier join, that holds the key."),
    file: text(200).nullable().default(null).describe("Name of the lookup file (CSV, plain or gzip), or null with `inline`."),
    format: csvFormat.default(csvFormat.parse({ kind: "csv" })).describe("Format of the lookup file."),
    key: z
      .union([columnRef, z.array(columnRef).min(2).max(4)])
      .nullable()
      .default(null)
      .describe("Column of the lookup file that holds the key; of several, their values are joined by |."),
    fields: z.record(joinName, columnRef).nullable().default(null).describe("Name of each field taken → column of the lookup file."),
    inline: z
      .record(text(200), z.record(joinName, text(200)))
      .nullable()
      .default(null)
      .describe("Key → fields, written here: a fare table for example."),
    dropSuffix: text(20).nullable().default(null).describe("Dropped from the end of keys on both sides, such as 站."),
    missing: z.enum(["reject", "empty"]).default("reject").describe("empty: rows without a match go on with empty fields."),
  })
  .refine(
    (value) => (value.inline !== null) !== (value.file !== null && value.key !== null && value.fields !== null),
    "needs either inline, or file, key and fields",
  );

const times = z.strictObject({
  format: text(80).describe("unix-seconds, unix-milliseconds, iso, or a pattern such as dd/MM/yyyy HH:mm."),
  zone: timeZoneField.nullable().default(null).describe("IANA zone of times without an offset. Null: each must carry one."),
  ambiguous: z.enum(["earlier", "later", "reject"]).default("reject").describe("Which instant counts where the clock is set back."),
  nonexistent: z.literal("reject").default("reject").describe("Times that the clock was set forward over are always refused."),
  swapped: z
    .enum(["refuse", "correct", "accept"])
    .default("refuse")
    .describe(
      "A file whose dates look as if day and month were exchanged: refuse it as a whole, exchange them back where the day is at most 12, or take it as it is.",
    ),
});
const ownFormat = text(80).nullable().default(null).describe("Format of this time, where it is another than time.format.");
const start = z.strictObject({
  columns: z.array(fieldRef).min(1).max(3).describe("Columns of the start, joined by one space."),
  format: ownFormat,
});
const end = z.union([
  z.strictObject({
    columns: z.array(fieldRef).min(1).max(3).describe("Columns of the end, joined by one space."),
    format: ownFormat,
    required: z.boolean().default(true).describe("False: a row without an end is taken."),
  }),
  z.strictObject({
    duration: z.strictObject({
      column: fieldRef.describe("Where the duration stands."),
      unit: z.enum(["seconds", "minutes", "hours"]).describe("Its unit. Fractions of a second are dropped."),
    }),
    required: z.boolean().default(true).describe("False: a row without a duration is taken."),
  }),
]);

const rules = z.strictObject({
  quantity: z
    .strictObject({ min: positiveDecimal.nullable().default(null), max: positiveDecimal.nullable().default(null) })
    .default({ min: null, max: null })
    .describe("Bounds in the record's unit, inclusive."),
  durationSeconds: z
    .strictObject({ min: seconds.nullable().default(null), max: seconds.nullable().default(null) })
    .default({ min: null, max: null })
    .describe("Bounds of end - start, inclusive."),
  maxSpeedKmh: positiveDecimal.nullable().default(null).describe("Distance over duration may not exceed this."),
  notBefore: z
    .string()
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/, "must be YYYY-MM-DD")
    .nullable()
    .default(null)
    .describe("First UTC day on which an act may start."),
  futureToleranceSeconds: seconds.default(300).describe("By how much a provider's clock may be ahead of ours."),
  columns: z
    .array(z.strictObject({ column: fieldRef, min: decimal.nullable().default(null), max: decimal.nullable().default(null) }))
    .max(50)
    .default([])
    .describe("Bounds of other numeric columns, inclusive."),
});

const scenario = z.union([
  z.strictObject({ constant: text(64).describe("The same for every row.") }),
  z.strictObject({
    column: fieldRef.describe("Where the kind of act stands."),
    map: z
      .record(text(200), text(64))
      .nullable()
      .default(null)
      .describe("The provider's word → scenario class. Null: the words are classes."),
  }),
]);
/** Rows of one kind that are read in another way: what is named here stands in for the profile's own section. */
const profileCase = z.strictObject({
  when: caseWhen.describe("The first case that fits a row counts."),
  joins: z.array(joinName).max(10).nullable().default(null).describe("The joins that these rows need. Null: all."),
  scenario: scenario.optional(),
  start: start.optional(),
  end: end.nullable().optional(),
  quantity: quantity.optional(),
  rules: rules.optional(),
});

const signature = z.strictObject({
  column: fieldRef.describe("Where the provider's Ed25519 signature over the record stands: 64 bytes in hex or base64url."),
  key: z
    .union([
      z.strictObject({ column: fieldRef }),
      z.strictObject({ constant: z.string().regex(/^0x[0-9a-f]{64}$/, "must be 0x and 64 lower-case hex digits") }),
    ])
    .nullable()
    .default(null)
    .describe("Id of the key that signed: a column, or the same for every row. Null: the provider's keys are tried."),
  nonce: fieldRef
    .nullable()
    .default(null)
    .describe("Where the 32 random bytes stand that blind the record's subject; needed where the profile has a subject."),
});

export const profileSchema = z.strictObject({
  schema: z.literal("microtonne-profile/1"),
  name: name.describe("Name of the profile; the file is called <name>.yaml."),
  description: text(1000).describe("What the files are, for people."),
  provider: z.strictObject({
    id: providerField.describe("Global id of the provider. With the record id it makes a record unique."),
    name: text(200).describe("Its name for people."),
  }),
  region: regionField.describe("Region whose methodologies quantify the records."),
  format: formatSchema,
  joins: z.array(join).max(10).default([]),
  filters: z
    .array(
      z.union([
        z.strictObject({ column: fieldRef, in: z.array(z.string().max(200)).min(1).max(1000) }),
        z.strictObject({ column: fieldRef, notIn: z.array(z.string().max(200)).min(1).max(1000) }),
      ]),
    )
    .max(50)
    .default([])
    .describe("Rows that don't pass are rejected as filter.excluded."),
  recordId: z
    .strictObject({
      columns: z.array(fieldRef).max(10).default([]).describe("Columns that together name the record."),
      act: z
        .array(z.enum(["start", "end", "quantity"]))
        .max(3)
        .default([])
        .describe(
          "Parts of the act itself that name it, behind the columns: for a provider whose acts come through two channels without a common id.",
        ),
      separator: text(5).default("|").describe("Stands between them; may not occur in them."),
      allowEmpty: z.boolean().default(false).describe("True: all but one of the columns may be empty."),
    })
    .refine(({ columns, act }) => columns.length + act.length > 0, "needs columns, or parts of the act"),
  subject: z
    .strictObject({
      column: fieldRef.describe("Who acted, in the provider's words. Goes to the key service only."),
      scope: z
        .enum(["deployment", "provider"])
        .describe("deployment: all platforms use this kind of identifier. provider: this one alone."),
      required: z.boolean().default(false).describe("True: rows without a subject are rejected."),
    })
    .nullable()
    .default(null),
  scenario,
  time: times,
  start,
  end: end.nullable().default(null).describe("Null: the provider names no end."),
  quantity,
  rules: rules.default(rules.parse({})),
  // Left out rather than null, so that the hash of a profile without it is what it always was.
  signature: signature
    .optional()
    .describe("Each row carries its provider's signature. Without: files are signed as a whole, or not at all."),
  cases: z.array(profileCase).max(10).default([]),
  pairing: pairingSchema.nullable().default(null).describe("Entry and exit taps of a card become one act."),
  readings: readingsSchema.nullable().default(null).describe("A meter's readings of a day or month become one act."),
});

export type Join = z.output<typeof join>;
export type ProfileCase = z.output<typeof profileCase>;
/** A checked profile: every default filled in. Made by `parseProfile` only. */
export type Profile = z.output<typeof profileSchema>;
