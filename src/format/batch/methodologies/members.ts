import { z } from "zod";
import { compareBytes, utf8 } from "../../../base/lib/bytes.ts";
import { isMinimalDecimal } from "../../../base/lib/decimal.ts";
import { CALENDAR_DATE, PLAIN_DECIMAL, VERSION_LABEL } from "../../../base/lib/textPatterns.ts";
import { MILLISECONDS_PER_DAY } from "../../../base/lib/time.ts";
import { regionField, timeZoneField } from "../../schema.ts";

/** Fields that methodologies of both forms, and the kinds of rule, share. */

/** NFC is checked when the canonical JSON is written. */
export const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text !== "" && text.trim() === text, "must be a text without space at its ends");

export const positiveDecimal = z
  .string()
  .max(40)
  .refine(
    (text) => isMinimalDecimal(text) && text !== "0",
    "must be a minimal decimal above 0, such as 78.4",
  );

/** A decimal that is exact in 30 digits before the point and `places` behind it. */
const exactly = (places: number, aboveZero: boolean) =>
  z
    .string()
    .refine(
      (text) =>
        text.length <= 61 &&
        isMinimalDecimal(text) &&
        !(aboveZero && text === "0") &&
        PLAIN_DECIMAL.test(text) &&
        (text.split(".")[1] ?? "").length <= places,
      `must be a minimal decimal${aboveZero ? " above 0" : ""} with at most ${String(places)} places`,
    );
/** Grams per unit and the like. */
export const factorField = exactly(30, true);
/** What an attribute's number is held against. */
export const boundField = exactly(30, false);
/** Units of a quantity, which records tell in millionths. */
export const unitsField = exactly(6, false);
/** The same above 0. */
export const unitsCapField = exactly(6, true);
/** Grams in whole milligrams. */
export const gramsCapField = exactly(3, true);

export const calendarDay = z
  .string()
  .refine((text) => Number.isInteger(dayNumber(text)), "must be a calendar day YYYY-MM-DD from 1970 on");

export const codeField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/, "must match [A-Za-z0-9][A-Za-z0-9._-]{1,63}");
export const versionField = z.string().regex(VERSION_LABEL, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}");

/** Members of both forms that have the same form in both. */
export const namedMembers = {
  code: codeField,
  version: versionField,
  title: shortText(200),
  region: regionField,
  timeZone: timeZoneField,
  source: shortText(1000),
};

/** Days since 1970-01-01 of `YYYY-MM-DD`, or NaN for what is no such day. */
export function dayNumber(text: string): number {
  if (!CALENDAR_DATE.test(text)) return Number.NaN;
  const milliseconds = Date.parse(`${text}T00:00:00Z`);
  // Engines differ on 31 February: some roll over. The way back must give the same text.
  if (!(milliseconds >= 0) || new Date(milliseconds).toISOString().slice(0, 10) !== text) return Number.NaN;
  return milliseconds / MILLISECONDS_PER_DAY;
}

/** True where each text is above the one before it, by its UTF-8 bytes. */
export function ascends(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || compareBytes(utf8(texts[i - 1] as string), utf8(text)) < 0);
}
