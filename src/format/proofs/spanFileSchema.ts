import { z } from "zod";
import {
  checkMembers,
  inclusionMembers,
  MAX_PARTS,
  newerFileMembers,
  partMembers,
} from "./proofFileSchema.ts";

/**
 * Closed schema of `microtonne-proof/2`: as `microtonne-proof/1`, but a part of a retirement has one of
 * `ranges` or `spans`, and what is disclosed may say who recognises it. What has neither spans nor a
 * recognition is `microtonne-proof/1`, so that no content has two forms.
 */

const MAX_SPANS = 10_000;
const inclusionSchema = z.strictObject(inclusionMembers);
const partSchema = z
  .strictObject({
    ...partMembers,
    spans: z
      .array(z.strictObject({ first: inclusionSchema, last: inclusionSchema.exactOptional() }))
      .max(MAX_SPANS)
      .exactOptional(),
  })
  .refine(
    (part) => (part.ranges === undefined) !== (part.spans === undefined),
    "must have either ranges or spans",
  );

/** Everything but `fileHash`. */
export const spanContentSchema = z
  .strictObject({
    ...newerFileMembers,
    format: z.literal("microtonne-proof/2"),
    kind: z.literal("retirement"),
    parts: z.array(partSchema).min(1).max(MAX_PARTS),
  })
  .refine(
    ({ parts, retirement }) =>
      parts.some(({ spans }) => spans !== undefined) || retirement?.disclosed?.recognition !== undefined,
    "must have spans in one part at least, or a recognition: else it is microtonne-proof/1",
  )
  .superRefine(checkMembers);
