import { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import { PLAIN_LINE } from "../../base/lib/textPatterns.ts";
import type { Address, Hex, RegionCode } from "../../base/types/ids.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import { address, decodeWith, regionField, word32 } from "../schema.ts";
import { calendarDay } from "../v1/methodologyFields.ts";

/**
 * Closed schema `microtonne-verification/1`: what a verification body says of an operator's acts of a
 * vintage. `documentHash` is keccak-256 of the report that it signed. It comes before the batches that name
 * it, so it names none of them.
 */
const verificationSchema = z.strictObject({
  schema: z.literal("microtonne-verification/1"),
  body: z
    .string()
    .max(200)
    .regex(PLAIN_LINE, "must be one line without control characters")
    .refine(
      (text) => text !== "" && text.trim() === text && text.normalize("NFC") === text,
      "must be a text in NFC without space at its ends",
    ),
  date: calendarDay,
  operator: address,
  region: regionField,
  vintage: z.int().min(1970).max(9999),
  category: z.enum(["act", "project"]),
  level: z.enum(["limited", "reasonable"]),
  opinion: z.enum(["unmodified", "qualified"]),
  documentHash: word32,
});

/** What the verification body said, and of which batches. */
export interface VerificationStatement {
  readonly schema: "microtonne-verification/1";
  /** Its name for people. */
  readonly body: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly operator: Address;
  readonly region: RegionCode;
  /** Calendar year of the acts, in the region's zone. */
  readonly vintage: number;
  readonly category: "act" | "project";
  readonly level: "limited" | "reasonable";
  readonly opinion: "unmodified" | "qualified";
  readonly documentHash: Hex;
}

/** Parsed JSON as a statement. @throws InputError `verification.malformed` naming the member */
export function parseVerification(value: unknown): VerificationStatement {
  return decodeWith(verificationSchema, value, "verification.malformed", "statement of a verification body");
}

/** keccak-256 of the statement's canonical JSON: a manifest's `verification.statementHash`. */
export function verificationHash(statement: VerificationStatement): Hex {
  return toHex(keccak(utf8(canonicalJson(statement))));
}

/** The batches of which a statement speaks. */
export type VerifiedBatch = Pick<VerificationStatement, "operator" | "region" | "vintage" | "category"> & {
  /** Day of the region's zone on which the batch was closed, YYYY-MM-DD. */
  readonly closedOn: string;
};

/** Why a statement is not one of this batch, in words that follow "the statement"; null where it is. */
export function verificationFault(statement: VerificationStatement, batch: VerifiedBatch): string | null {
  for (const member of ["operator", "region", "vintage", "category"] as const)
    if (statement[member] !== batch[member])
      return `is of ${member} ${String(statement[member])}, the batch of ${String(batch[member])}`;
  return statement.date > batch.closedOn
    ? `is dated ${statement.date}, after the batch was closed (${batch.closedOn})`
    : null;
}
