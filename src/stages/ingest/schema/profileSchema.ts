import { z } from "zod";
import { EVIDENCE_GRADES } from "../../../base/types/activityRecord.ts";
import { attributeName, attributeValue } from "../../../format/batch/methodologies/attributes.ts";
import { MAX_ATTRIBUTES } from "../../../format/batch/records/additions.ts";
import { MAX_ATTESTATIONS } from "../../../format/signing/attestations.ts";
import { providerField, regionField, timeZoneField } from "../../../format/schema.ts";
import { columnRef, fieldRef, joinName, seconds, text } from "./fieldSchema.ts";
import { csvFormat, formatSchema } from "./formatSchema.ts";
import { caseWhen, pairingSchema, readingsSchema } from "./groupSchema.ts";
import { subjectSchema } from "./subjectSchema.ts";
import { decimal, DURATION_UNITS, positiveDecimal, quantitySchema } from "./quantitySchema.ts";
import {
  ASSET_KIND,
  CALENDAR_DATE,
  VERSION_LABEL,
  PROFILE_NAME,
  WORD32,
} from "../../../base/lib/textPatterns.ts";

/**
 * Closed schema of a provider profile, `microtonne-profile/1`. `describe` texts are the field's
 * documentation; docs are printed from them.
 */

const name = z.string().regex(PROFILE_NAME, "must match [a-z0-9][a-z0-9-]{1,63}");

const join = z
  .strictObject({
    name: joinName.describe("Name by which fields refer to this join."),
    column: fieldRef.describe("Column of the row, or field of an earlier join, that holds the key."),
    file: text(200)
      .nullable()
      .default(null)
      .describe("Name of the lookup file (CSV, plain or gzip), or null with `inline`."),
    format: csvFormat.default(csvFormat.parse({ kind: "csv" })).describe("Format of the lookup file."),
    key: z
      .union([columnRef, z.array(columnRef).min(2).max(4)])
      .nullable()
      .default(null)
      .describe("Column of the lookup file that holds the key; of several, their values are joined by |."),
    fields: z
      .record(joinName, columnRef)
      .nullable()
      .default(null)
      .describe("Name of each field taken → column of the lookup file."),
    inline: z
      .record(text(200), z.record(joinName, text(200)))
      .nullable()
      .default(null)
      .describe("Key → fields, written here: a fare table for example."),
    dropSuffix: text(20)
      .nullable()
      .default(null)
      .describe("Dropped from the end of keys on both sides, such as 站."),
    missing: z
      .enum(["reject", "empty"])
      .default("reject")
      .describe("empty: rows without a match go on with empty fields."),
  })
  .refine(
    (value) =>
      (value.inline !== null) !== (value.file !== null && value.key !== null && value.fields !== null),
    "needs either inline, or file, key and fields",
  );

const times = z.strictObject({
  format: text(80).describe(
    "unix-seconds, unix-milliseconds, unix-microseconds, unix-nanoseconds, excel-days, iso, or a " +
      "pattern such as dd/MM/yyyy HH:mm[:ss]; HH+ for hours of a service day that go past 24.",
  ),
  zone: timeZoneField
    .nullable()
    .default(null)
    .describe("IANA zone of times without an offset. Null: each must carry one."),
  zoneColumn: z
    .strictObject({
      column: fieldRef.describe(
        "Where the zone of the row's times stands: an IANA name, an offset such as +08:00, UTC+8. " +
          "Empty: time.zone.",
      ),
      map: z
        .record(text(60), text(60))
        .nullable()
        .default(null)
        .describe("The provider's word → zone or offset: EST → -05:00."),
    })
    .nullable()
    .default(null),
  ambiguous: z
    .enum(["earlier", "later", "in-order", "reject"])
    .default("reject")
    .describe(
      "Which instant counts where the clock is set back. in-order, for a meter's readings: the hour is " +
        "taken twice, in the order of the rows.",
    ),
  nonexistent: z
    .literal("reject")
    .default("reject")
    .describe("Times that the clock was set forward over are always refused."),
  swapped: z
    .enum(["refuse", "correct", "accept"])
    .default("refuse")
    .describe(
      "A file whose dates look as if day and month were exchanged: refuse it as a whole, exchange them " +
        "back where the day is at most 12, or take it as it is.",
    ),
});
const ownFormat = text(80)
  .nullable()
  .default(null)
  .describe("Format of this time, where it is another than time.format.");
const start = z.strictObject({
  columns: z.array(fieldRef).min(1).max(3).describe("Columns of the start, joined by one space."),
  format: ownFormat,
});
const end = z.union([
  z.strictObject({
    columns: z.array(fieldRef).min(1).max(3).describe("Columns of the end, joined by one space."),
    format: ownFormat,
    required: z.boolean().default(true).describe("False: a row without an end is taken."),
    overMidnight: z
      .boolean()
      .default(false)
      .describe(
        "True: an end before the start is of the next day, in files with one date and two times of day.",
      ),
  }),
  z.strictObject({
    duration: z.strictObject({
      column: fieldRef.describe("Where the duration stands."),
      unit: z
        .enum(DURATION_UNITS)
        .describe(
          "Its unit, or its spelling: h:mm:ss, h:mm, m:ss (after whole days or none), iso (PT1H3M), " +
            "words (1 h 3 min). Fractions of a second are dropped.",
        ),
    }),
    required: z.boolean().default(true).describe("False: a row without a duration is taken."),
  }),
]);

const rules = z.strictObject({
  quantity: z
    .strictObject({
      min: positiveDecimal.nullable().default(null),
      max: positiveDecimal.nullable().default(null),
    })
    .default({ min: null, max: null })
    .describe("Bounds in the record's unit, inclusive."),
  durationSeconds: z
    .strictObject({ min: seconds.nullable().default(null), max: seconds.nullable().default(null) })
    .default({ min: null, max: null })
    .describe("Bounds of end - start, inclusive."),
  maxSpeedKmh: positiveDecimal
    .nullable()
    .default(null)
    .describe("Distance over duration may not exceed this."),
  notBefore: z
    .string()
    .regex(CALENDAR_DATE, "must be YYYY-MM-DD")
    .nullable()
    .default(null)
    .describe("First UTC day on which an act may start."),
  futureToleranceSeconds: seconds
    .default(300)
    .describe("By how much a provider's clock may be ahead of ours."),
  columns: z
    .array(
      z.strictObject({
        column: fieldRef,
        min: decimal.nullable().default(null),
        max: decimal.nullable().default(null),
      }),
    )
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
/**
 * Rows of one kind that are read in another way: what is named here stands in for the profile's own section.
 */
const profileCase = z.strictObject({
  when: caseWhen.describe("The first case that fits a row counts."),
  joins: z
    .array(joinName)
    .max(10)
    .nullable()
    .default(null)
    .describe("The joins that these rows need. Null: all."),
  scenario: scenario.optional(),
  start: start.optional(),
  end: end.nullable().optional(),
  quantity: quantitySchema.optional(),
  rules: rules.optional(),
});

const signature = z.strictObject({
  column: fieldRef.describe(
    "Where the provider's Ed25519 signature over the record stands: 64 bytes in hex or base64url.",
  ),
  key: z
    .union([
      z.strictObject({ column: fieldRef }),
      z.strictObject({
        constant: z.string().regex(WORD32, "must be 0x and 64 lower-case hex digits"),
      }),
    ])
    .nullable()
    .default(null)
    .describe(
      "Id of the key that signed: a column, or the same for every row. Null: the provider's keys are tried.",
    ),
  nonce: fieldRef
    .nullable()
    .default(null)
    .describe(
      "Where the 32 random bytes stand that blind the record's subject; needed where the profile has a " +
        "subject.",
    ),
});

const asset = z.strictObject({
  kind: z
    .string()
    .regex(ASSET_KIND, "must match [a-z][a-z0-9-]{1,31}")
    .describe("What it is: vehicle, meter, connector, installation, fleet."),
  column: fieldRef.describe("Its number, in the provider's words. Goes to the key service only."),
  required: z.boolean().default(false).describe("True: rows without an asset are rejected."),
});
const attributes = z
  .record(
    attributeName,
    z.union([
      z.strictObject({ column: fieldRef }),
      z.strictObject({ constant: attributeValue.describe("The same for every row.") }),
    ]),
  )
  .refine((all) => Object.keys(all).length <= MAX_ATTRIBUTES, "must be at most 16 attributes");

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
  numbers: z
    .strictObject({
      decimal: z.enum([".", ","]).describe("The mark before the fraction."),
      group: z
        .enum([".", ",", " ", "'"])
        .nullable()
        .default(null)
        .describe("The mark between thousands, where there may be one."),
    })
    .refine(({ decimal: mark, group }) => mark !== group, "needs two different marks")
    .nullable()
    .default(null)
    .describe(
      "How the file writes numbers, where not in plain digits with a point. Full-width digits are read too.",
    ),
  empty: z.array(text(40)).max(50).default([]).describe("Words that stand for an empty field: NULL, N/A, -."),
  aliases: z
    .record(text(200), z.array(text(200)).min(1).max(20))
    .default({})
    .describe(
      "Column → other names under which it comes in some files. Capitals and white space in names make " +
        "no difference.",
    ),
  headings: z
    .array(
      z.strictObject({
        when: z.strictObject({ column: columnRef, in: z.array(z.string().max(200)).min(1).max(1000) }),
        fields: z
          .record(text(60), columnRef)
          .describe("Name of a further column of the rows below → the heading's column that it takes."),
      }),
    )
    .max(5)
    .default([])
    .describe("Rows that are no acts, but name what the rows below them have in common; outer ones first."),
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
          "Parts of the act itself that name it, behind the columns: for a provider whose acts come " +
            "through two channels without a common id.",
        ),
      separator: text(5).default("|").describe("Stands between them; may not occur in them."),
      allowEmpty: z.boolean().default(false).describe("True: all but one of the columns may be empty."),
    })
    .refine(({ columns, act }) => columns.length + act.length > 0, "needs columns, or parts of the act"),
  subject: subjectSchema.nullable().default(null),
  scenario,
  time: times,
  start,
  end: end.nullable().default(null).describe("Null: the provider names no end."),
  quantity: quantitySchema,
  rules: rules.default(rules.parse({})),
  // Left out rather than null, so that the hash of a profile without it is what it always was.
  signature: signature
    .optional()
    .describe(
      "Each row carries its provider's signature. Without: files are signed as a whole, or not at all.",
    ),
  // Left out as well where a provider's records say no more than those of the first format did.
  evidence: z
    .enum(EVIDENCE_GRADES)
    .optional()
    .describe("How the provider knows of the acts. Without: they are declared."),
  consentText: z
    .string()
    .regex(VERSION_LABEL, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}")
    .optional()
    .describe("Version of the text that people consented to; never the id of a consent."),
  asset: asset
    .optional()
    .describe("The vehicle, meter, connector, installation or fleet of the act. Its number is not kept."),
  attributes: attributes
    .optional()
    .describe("What methodologies ask of an act beside its quantity. An empty field gives no attribute."),
  attestations: z
    .array(fieldRef)
    .min(1)
    .max(MAX_ATTESTATIONS)
    .optional()
    .describe(
      "Where others than the provider stand who signed the record: in each field one attestor's Ed25519 " +
        "public key and signature, 96 bytes in hex or base64url. An empty field: none.",
    ),
  cases: z.array(profileCase).max(10).default([]),
  pairing: pairingSchema.nullable().default(null).describe("Entry and exit taps of a card become one act."),
  readings: readingsSchema
    .nullable()
    .default(null)
    .describe("A meter's readings of a day or month become one act."),
});

export type Join = z.output<typeof join>;
export type ProfileCase = z.output<typeof profileCase>;
/** A checked profile: every default filled in. Made by `parseProfile` only. */
export type Profile = z.output<typeof profileSchema>;
