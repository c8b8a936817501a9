import { z } from "zod";
import { ADDRESS_ANY_CASE, CALENDAR_DATE, PROVIDER_ID } from "../../../base/lib/textPatterns.ts";
import { regionCode, word } from "./common.ts";

const day = (what: string) =>
  z.string().regex(CALENDAR_DATE, "must be YYYY-MM-DD").meta({ description: what, example: "2027-12-31" });
const audience = z.enum(["public", "participants"]);

const verification = z
  .strictObject({
    schema: z.literal("microtonne-verification/1"),
    body: z.string().max(200).meta({ description: "The verification body, by name." }),
    date: day("Of the statement; not after the closing."),
    operator: z.string().regex(ADDRESS_ANY_CASE, "must be an address").meta({
      description: "Who closes the batch, lower case.",
    }),
    region: regionCode,
    vintage: z.int().min(1970).max(9999),
    category: z.enum(["act", "project"]),
    level: z.enum(["limited", "reasonable"]),
    opinion: z.enum(["unmodified", "qualified"]),
    documentHash: word,
  })
  .meta({
    id: "VerificationStatement",
    description: "What the body's own file says; `microtonne verification write` makes one.",
  });

/** What a closing may say of its batch; what is left out is the settings' to say. */
export const closeTerms = {
  useBy: day("The last day of the region's zone on which the batch may be retired.").optional(),
  title: z
    .strictObject({ kind: z.enum(["consent-scope", "programme", "project-owner"]), documentHash: word })
    .optional()
    .meta({ description: "By what right the acts are pooled, where it is another than the settings say." }),
  campaign: z
    .strictObject({
      id: z.string().regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}"),
      documentHash: word,
    })
    .optional()
    .meta({ description: "A batch of gifts: to which campaign, and the document that says what for." }),
  audience: z
    .strictObject({ leaves: audience, tiles: audience })
    .optional()
    .meta({ description: "Who gets which files. Only public can be kept so far; anything else is refused." }),
  verification: verification
    .optional()
    .meta({ description: "The statement that the manifest names; needed outside a local network." }),
};
