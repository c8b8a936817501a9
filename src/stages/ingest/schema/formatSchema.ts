import { z } from "zod";
import { text } from "./fieldSchema.ts";

/**
 * Encodings of provider files, by the names of the WHATWG Encoding Standard. ISO 8859-1 is `windows-1252`
 * there.
 */
const ENCODINGS = [
  "utf-8",
  "utf-16le",
  "utf-16be",
  "gbk",
  "gb18030",
  "big5",
  "shift_jis",
  "euc-kr",
  "windows-1250",
  "windows-1251",
  "windows-1252",
] as const;
export type TextEncoding = (typeof ENCODINGS)[number];

/** How a provider's file is taken apart. Gzip is recognised by itself, whatever is in it. */

const encoding = z
  .enum(ENCODINGS)
  .default("utf-8")
  .describe("Encoding of the file. Byte order marks are dropped; one of UTF-16 is believed.");

export const csvFormat = z.strictObject({
  kind: z.literal("csv"),
  delimiter: z
    .string()
    .regex(
      /^[^\r\n"A-Za-z0-9]{1,4}$/,
      "must be one to four characters that are no letter, digit, quote or line end",
    )
    .default(",")
    .describe("What stands between fields."),
  quote: z
    .enum(['"', "'"])
    .nullable()
    .default('"')
    .describe("Character around fields, doubled inside them. Null: quotes are plain text."),
  header: z
    .boolean()
    .default(true)
    .describe("True: the first row names the columns. False: `columns` names them."),
  columns: z
    .array(text(200))
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe("Names of all columns, in order, of a file without a header."),
  skipLines: z
    .int()
    .min(0)
    .max(100)
    .default(0)
    .describe("Lines before the header or the first row that are no data."),
  ragged: z
    .enum(["reject", "pad"])
    .default("reject")
    .describe("pad: rows may lack trailing columns or have further empty ones."),
  comment: z
    .string()
    .regex(/^[^\r\n"\s]{1,4}$/, "must be one to four characters")
    .nullable()
    .default(null)
    .describe(
      "Lines that begin so are no data: before the header they are skipped, behind it refused as " +
        "row.comment.",
    ),
  encoding,
});
const xlsxFormat = z.strictObject({
  kind: z.literal("xlsx"),
  sheet: z
    .union([text(200), z.int().min(1).max(1000)])
    .default(1)
    .describe("Name of the sheet, or its position from 1."),
  headerRow: z
    .int()
    .min(0)
    .max(1000)
    .default(1)
    .describe("The row that names the columns; what is above is skipped. 0: `columns` names them."),
  columns: z
    .array(text(200))
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe("Names of all columns of a sheet without a header."),
});
const each = z
  .string()
  .max(200)
  .regex(/^(?:\/[^/]+)+$/, "must be a JSON pointer such as /trips")
  .nullable()
  .default(null)
  .describe(
    "Where each element holds a list whose elements are the rows, such as the trips of a rider. " +
      "../name then reads the element around.",
  );
const jsonFormat = z.strictObject({
  kind: z.literal("json"),
  at: z
    .string()
    .max(200)
    .regex(/^(?:\/[^/]+)*$/, "must be empty or a JSON pointer such as /_items")
    .default("")
    .describe(
      "Where the array of rows stands: a pointer through objects. Empty: the whole file is the array.",
    ),
  each,
  encoding,
});
const ndjsonFormat = z.strictObject({
  kind: z.literal("ndjson"),
  each,
  encoding,
});

export const formatSchema = z.discriminatedUnion("kind", [csvFormat, ndjsonFormat, jsonFormat, xlsxFormat]);

export type CsvFormat = z.output<typeof csvFormat>;
export type XlsxFormat = z.output<typeof xlsxFormat>;
export type FileFormat = z.output<typeof formatSchema>;
