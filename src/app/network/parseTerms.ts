import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import type { Address } from "../../base/types/ids.ts";
import { ROLES, type RoleName } from "../../adapters/chain/accessRoles.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import { parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import { ADDRESS_ANY_CASE, DIGITS_18, PROVIDER_ID } from "../../base/lib/textPatterns.ts";

const address = z
  .string()
  .regex(ADDRESS_ANY_CASE, "must be 0x and 40 hex digits")
  .transform((text) => text.toLowerCase() as Address);
const seconds = z.int().min(0).max(0xffff_ffff);
/** The registry keeps a batch's window in 24 bits. */
const MAX_CHALLENGE_WINDOW = 0xff_ffff;
const MAX_BOND = 2n ** 56n - 1n;
/** Base units as a decimal text, since JSON numbers are not exact at that size. */
const bond = z
  .string()
  .regex(DIGITS_18, "must be a whole number of base units, as a text")
  .transform(BigInt)
  .refine((amount) => amount <= MAX_BOND, "must be below 2^56");
const role = z.strictObject({ members: z.array(address).min(1), delaySeconds: seconds });

/**
 * Closed schema `microtonne-terms/1`: what an operator of a network decides before deploying.
 * `deployments/example.terms.json` explains each field.
 */
const termsSchema = z.strictObject({
  schema: z.literal("microtonne-terms/1"),
  network: z.string().regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}"),
  chainId: z.int().min(1),
  admin: address,
  adminDelaySeconds: seconds,
  roles: z.strictObject(
    Object.fromEntries(ROLES.map(({ name }) => [name, role])) as Record<RoleName, typeof role>,
  ),
  verifierThreshold: z.int().min(1).max(255),
  challengeWindowSeconds: z.int().min(0).max(MAX_CHALLENGE_WINDOW),
  guardianThreshold: z.int().min(1).max(255),
  objectionSeconds: seconds,
  creditUri: z.url().endsWith("/"),
  disputes: z.strictObject({
    responseSeconds: seconds,
    rulingSeconds: seconds,
    doubleClaimBond: bond,
    openGramBond: bond,
  }),
  cash: z.strictObject({
    name: z.string().min(1).max(64),
    symbol: z.string().regex(/^[A-Z0-9-]{1,16}$/, "must match [A-Z0-9-]{1,16}"),
  }),
});

export type NetworkTerms = z.output<typeof termsSchema>;

/**
 * Terms out of a file's text. @throws InputError `terms.malformed` naming the field, or what `parseJsonFile`
 * refuses
 */
export function parseTerms(text: string): NetworkTerms {
  let value: unknown;
  try {
    value = parseJsonFile(utf8(text), "The terms file");
  } catch (cause) {
    throw new InputError("terms.malformed", (cause as Error).message, { cause });
  }
  const parsed = termsSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InputError(
    "terms.malformed",
    `The terms file is refused at ${issue?.path.join(".") ?? ""}: ${issue?.message ?? ""}.`,
  );
}
