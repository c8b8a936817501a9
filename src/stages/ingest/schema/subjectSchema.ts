import { z } from "zod";
import { fieldRef } from "./fieldSchema.ts";

/** Who acted, by the identifier that the provider has for them. */
export const subjectSchema = z
  .strictObject({
    column: fieldRef.describe("Who acted, in the provider's words. Goes to the key service only."),
    // Left out rather than null, so that the hash of a profile without them is what it always was.
    kind: z
      .enum(["phone", "card"])
      .optional()
      .describe(
        "What the identifier is, so that all spellings of one are the same person. phone: with or " +
          "without country code, blanks, hyphens. card: capitals, blanks and hyphens make no difference.",
      ),
    country: z
      .string()
      .regex(/^[1-9][0-9]{0,2}$/, "must be a calling code of one to three digits")
      .optional()
      .describe("Calling code of phone numbers that are written without one, such as 86."),
    scope: z
      .enum(["deployment", "provider"])
      .describe("deployment: all platforms use this kind of identifier. provider: this one alone."),
    required: z.boolean().default(false).describe("True: rows without a subject are rejected."),
    shared: z
      .boolean()
      .default(false)
      .describe(
        "True: several people act under one identifier (a fleet's account), so the rules of one " +
          "person's day don't apply.",
      ),
  })
  .refine(
    ({ kind, country }) => (kind === "phone") === (country !== undefined),
    "needs country where kind is phone, and there alone",
  );
