import { z } from "zod";
import { compareBytes, utf8 } from "../../../base/lib/bytes.ts";
import { isMinimalDecimal } from "../../../base/lib/decimal.ts";
import { CALENDAR_DATE, PLAIN_DECIMAL, PLAIN_LINE, VERSION_LABEL } from "../../../base/lib/textPatterns.ts";
import { MILLISECONDS_PER_DAY } from "../../../base/lib/time.ts";
import { regionField, timeZoneField } from "../../schema.ts";

/** Fields that methodologies of both forms, and the kinds of rule, share. */

/** NFC is checked when the canonical JSON is written. */
const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text !== "" && text.trim() === text, "must be a text without space at its ends");

/** The same in one line that shows as what it is. */
export const plainText = (most: number) =>
  shortText(most).regex(PLAIN_LINE, "must be one line without control characters");

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

/** True where each text is above the one before it, by its UTF-8 bytes. */
export function ascends(texts: readonly string[]): boolean {
  return texts.every((text, i) => i === 0 || compareBytes(utf8(texts[i - 1] as string), utf8(text)) < 0);
}
