import { z } from "zod";
import { providerField, regionField, timeZoneField } from "../../format/schema.ts";
import { RECORD_UNITS } from "./units.ts";

/** Closed schema of a provider profile, `microtonne-profile/1`. `describe` texts are the field's documentation; docs are printed from them. */

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{1,63}$/, "must match [a-z0-9][a-z0-9-]{1,63}");
const joinName = z.string().regex(/^[A-Za-z][A-Za-z0-9]{0,31}$/, "must be a short word");
const text = (most: number) => z.string().min(1).max(most);
/** Exact decimal. YAML may give a number; its shortest spelling is what was written, up to 15 digits. */
const decimal = z
  .union([z.string(), z.number().transform(String)])
  .refine((value) => /^-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,9})?$/.test(value), "must be a plain decimal number");
const positiveDecimal = decimal.refine((value) => !value.startsWith("-"), "must not be negative");
const seconds = z.int().min(0).max(3_155_760_000);

/** Names a column: by the header's text, by position counted from 1, or as `/pointer` into nested JSON. */
const columnRef = z.union([text(200), z.int().min(1).max(1000)]);
/** A column of the row, or a field that a join found for the row. */
const fieldRef = z.union([columnRef, z.strictObject({ join: joinName, field: joinName })]);

const csvFormat = z.strictObject({
  kind: z.literal("csv"),
  delimiter: z
    .string()
    .regex(/^[^\r\n"A-Za-z0-9]$/, "must be one character that is no letter, digit, quote or line end")
    .default(",")
    .describe("One character between fields."),
  quote: z.enum(['"', "'"]).nullable().default('"').describe("Character around fields, doubled inside them. Null: quotes are plain text."),
  header: z.boolean().default(true).describe("True: the first row names the columns. False: `columns` names them."),
  columns: z
    .array(text(200))
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe("Names of all columns, in order, of a file without a header."),
  skipLines: z.int().min(0).max(100).default(0).describe("Lines before the header or the first row that are no data."),
  ragged: z.enum(["reject", "pad"]).default("reject").describe("pad: rows may lack trailing columns or have further empty ones."),
  encoding: z.enum(["utf-8", "gbk"]).default("utf-8").describe("Encoding of the file. A UTF-8 byte order mark is dropped."),
});
const ndjsonFormat = z.strictObject({
  kind: z.literal("ndjson"),
  encoding: z.enum(["utf-8", "gbk"]).default("utf-8").describe("Encoding of the file."),
});

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
]);

const join = z
  .strictObject({
    name: joinName.describe("Name by which fields refer to this join."),
    column: columnRef.describe("Column of the row that holds the key."),
    file: text(200).nullable().default(null).describe("Name of the lookup file (CSV, plain or gzip), or null with `inline`."),
    format: csvFormat.default(csvFormat.parse({ kind: "csv" })).describe("Format of the lookup file."),
    key: columnRef.nullable().default(null).describe("Column of the lookup file that holds the key."),
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
});
const end = z.union([
  z.strictObject({
    columns: z.array(fieldRef).min(1).max(3).describe("Columns of the end, joined by one space."),
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

export const profileSchema = z.strictObject({
  schema: z.literal("microtonne-profile/1"),
  name: name.describe("Name of the profile; the file is called <name>.yaml."),
  description: text(1000).describe("What the files are, for people."),
  provider: z.strictObject({
    id: providerField.describe("Global id of the provider. With the record id it makes a record unique."),
    name: text(200).describe("Its name for people."),
  }),
  region: regionField.describe("Region whose methodologies quantify the records."),
  format: z.discriminatedUnion("kind", [csvFormat, ndjsonFormat]),
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
  recordId: z.strictObject({
    columns: z.array(fieldRef).min(1).max(10).describe("Columns that together name the record."),
    separator: text(5).default("|").describe("Stands between them; may not occur in them."),
    allowEmpty: z.boolean().default(false).describe("True: all but one of the columns may be empty."),
  }),
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
  scenario: z.union([
    z.strictObject({ constant: text(64).describe("The same for every row.") }),
    z.strictObject({
      column: fieldRef.describe("Where the kind of act stands."),
      map: z
        .record(text(200), text(64))
        .nullable()
        .default(null)
        .describe("The provider's word → scenario class. Null: the words are classes."),
    }),
  ]),
  time: times,
  start: z.strictObject({ columns: z.array(fieldRef).min(1).max(3).describe("Columns of the start, joined by one space.") }),
  end: end.nullable().default(null).describe("Null: the provider names no end."),
  quantity,
  rules: rules.default(rules.parse({})),
});

export type ColumnRef = z.output<typeof columnRef>;
export type FieldRef = z.output<typeof fieldRef>;
export type CsvFormat = z.output<typeof csvFormat>;
export type Join = z.output<typeof join>;
/** A checked profile: every default filled in. Made by `parseProfile` only. */
export type Profile = z.output<typeof profileSchema>;
