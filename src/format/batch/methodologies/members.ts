import { z } from "zod";
import { isMinimalDecimal } from "../../../base/lib/decimal.ts";
import { PLAIN_DECIMAL, PLAIN_LINE } from "../../../base/lib/textPatterns.ts";
import { shortText } from "../../v1/methodologyFields.ts";

/** Fields that the kinds of rule share. */

/** A short text in one line that shows as what it is. */
export const plainText = (most: number) =>
  shortText(most).regex(PLAIN_LINE, "must be one line without control characters");

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
