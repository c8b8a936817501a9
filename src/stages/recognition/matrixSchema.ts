import { z } from "zod";
import { ascends } from "../../base/lib/ascends.ts";
import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { PLAIN_LINE } from "../../base/lib/textPatterns.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { PURPOSES } from "../../base/types/retirement.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { keccak } from "../../format/keccak.ts";
import { decodeWith, regionField } from "../../format/schema.ts";

const MAX_RULES = 10_000;

const ascending = <T extends z.ZodType<string>>(item: T) =>
  z.array(item).min(1).max(1000).refine(ascends, "must ascend, each once");
const plainText = (most: number) =>
  z.string().min(1).max(most).regex(PLAIN_LINE, "must be one line without control characters");
const day = z.string().refine((text) => parseDay(text) !== null, "must be a calendar day YYYY-MM-DD");

const minute = z
  .string()
  .refine(
    (text) =>
      /^[0-9-]{10}T[0-9:]{5}Z$/.test(text) && new Date(text).toJSON()?.slice(0, 16) === text.slice(0, 16),
    "must be a UTC minute YYYY-MM-DDTHH:MMZ",
  );

const rule = z
  .strictObject({
    id: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}")
      .describe("Name of the rule, once in the file."),
    issuers: ascending(regionField).describe("Regions whose batches it recognises."),
    methodologies: ascending(plainText(64))
      .nullable()
      .describe("Codes of methodologies; null for all of these regions."),
    vintages: z
      .strictObject({ first: z.int().min(1970).max(9999), last: z.int().min(1970).max(9999) })
      .refine(({ first, last }) => first <= last, "must not end before they begin"),
    purposes: ascending(z.enum(PURPOSES)).nullable().describe("Purposes of retirement; null for all."),
    validFrom: day,
    validTo: day.describe("Days (UTC) on which a retirement is asked for, both inclusive."),
    discountBps: z
      .int()
      .min(0)
      .max(WHOLE_BPS - 1)
      .describe("What of each gram is not recognised, in ten-thousandths."),
    source: plainText(1000).describe("The document that says so."),
  })
  .refine(({ validFrom, validTo }) => validFrom <= validTo, "must not end before it begins");

/** Closed schema `microtonne-recognition/1`: whose credits one authority recognises, and at what discount. */
export const matrixSchema = z.strictObject({
  schema: z.literal("microtonne-recognition/1"),
  authority: regionField.describe("Whose rules these are: the region that recognises."),
  version: z.int().min(1),
  validFrom: minute.describe("UTC minute from which this version stands in for the one before it."),
  rules: z
    .array(rule)
    .max(MAX_RULES)
    .refine((rules) => new Set(rules.map(({ id }) => id)).size === rules.length, "must have each id once"),
});

/** An authority's rules of recognition. Its own region needs none: it is recognised whole. */
export type RecognitionMatrix = z.output<typeof matrixSchema>;
export type RecognitionRule = RecognitionMatrix["rules"][number];

/**
 * An authority's rules out of parsed JSON. @throws InputError `recognition.malformed` naming the field, or as
 * `canonicalJson`
 */
export function parseRecognition(value: unknown): RecognitionMatrix {
  const matrix = decodeWith(matrixSchema, value, "recognition.malformed", "recognition file");
  canonicalJson(matrix);
  return matrix;
}

/** The first second in which a version is in force. */
export function beginningOf({ validFrom }: Pick<RecognitionMatrix, "validFrom">): UnixSeconds {
  return (Date.parse(validFrom) / 1000) as UnixSeconds;
}

/** keccak-256 of the canonical JSON: what certificates name the rules by. */
export function recognitionHash(matrix: RecognitionMatrix): Hex {
  return toHex(keccak(utf8(canonicalJson(matrix))));
}
