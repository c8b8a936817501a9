import { z } from "zod";
import { parseDay } from "../../base/lib/time/calendar.ts";
import { VERSION_LABEL } from "../../base/lib/textPatterns.ts";
import { regionField, timeZoneField } from "../schema.ts";

/** Fields of methodologies of the first form that later forms write alike. */

/** NFC is checked when the canonical JSON is written. */
export const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => text !== "" && text.trim() === text, "must be a text without space at its ends");

export const calendarDay = z
  .string()
  .refine((text) => parseDay(text) !== null, "must be a calendar day YYYY-MM-DD from 1970 on");

const codeField = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{1,63}$/, "must match [A-Za-z0-9][A-Za-z0-9._-]{1,63}");
const versionField = z.string().regex(VERSION_LABEL, "must match [A-Za-z0-9][A-Za-z0-9._-]{0,31}");

/** Members of both forms that have the same form in both. */
export const namedMembers = {
  code: codeField,
  version: versionField,
  title: shortText(200),
  region: regionField,
  timeZone: timeZoneField,
  source: shortText(1000),
};
