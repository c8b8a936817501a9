import { z } from "zod";
import { utf8 } from "../../base/lib/bytes.ts";
import type { Hex } from "../../base/types/ids.ts";
import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import { canonicalJson, parseCanonicalJson } from "../canonicalJson.ts";
import type { Beneficiary, RetirementRecognition } from "./retirementRecord.ts";
import * as field from "../schema.ts";

/** Members of what opens a retirement's two hashes, as `microtonne-proof/1` has them. */
export const disclosureMembers = {
  beneficiary: z.strictObject({ name: z.string().min(1).max(500), lei: z.string().max(20).exactOptional() }),
  salt: field.word32,
  use: z.string().max(2000),
};
const lineSchema = z.strictObject({
  batchId: field.batchIdField,
  rule: z.string().min(1).max(64).nullable(),
  discountBps: z
    .int()
    .min(0)
    .max(WHOLE_BPS - 1),
  recognised: field.milligramsField,
});
/** `RetirementRecognition` as JSON. */
export const recognitionSchema = z.strictObject({
  authority: field.regionField,
  rulesHash: field.word32.nullable(),
  claim: field.milligramsField,
  lines: z.array(lineSchema).min(1).max(10_000),
});
/** As `microtonne-proof/2` has them: with who recognises the retirement, where somebody does. */
export const disclosureSchema = z.strictObject({
  ...disclosureMembers,
  recognition: recognitionSchema.exactOptional(),
});

/** What opens the hashes of a retirement; kept here and shown in proof files, never on chain. */
export interface RetirementDisclosure {
  readonly beneficiary: Beneficiary;
  readonly salt: Hex;
  readonly use: string;
  readonly recognition?: RetirementRecognition;
}

/** Canonical JSON, as it is stored. @throws InputError `retirement.disclosure`, or as `canonicalJson` */
export function encodeDisclosure(disclosure: RetirementDisclosure): string {
  return canonicalJson(
    // The encoder wants mutable arrays; it does not change them.
    field.encodeWith(
      disclosureSchema,
      disclosure as z.output<typeof disclosureSchema>,
      "retirement.disclosure",
      "retirement's disclosure",
    ),
  );
}

/** @throws InputError `retirement.disclosure`, or as `parseCanonicalJson` */
export function parseDisclosure(text: string): RetirementDisclosure {
  return field.decodeWith(
    disclosureSchema,
    parseCanonicalJson(utf8(text)),
    "retirement.disclosure",
    "retirement's disclosure",
  );
}
