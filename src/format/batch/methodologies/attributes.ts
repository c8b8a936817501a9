import { z } from "zod";
import { PLAIN_LINE } from "../../../base/lib/textPatterns.ts";

/** Names of a record's attributes, as rules ask for them. */
export const attributeName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, "must be the name of an attribute: [a-z][a-z0-9-]{0,31}");
/** Their values; a character is a code point. NFC is checked when the canonical JSON is written. */
export const attributeValue = z
  .string()
  .regex(/^.{1,64}$/su, "must have 1 to 64 characters")
  .regex(PLAIN_LINE, "must be one line without control characters");
