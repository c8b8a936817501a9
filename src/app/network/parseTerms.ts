import { z } from "zod";
import { InputError } from "../../base/errors/errors.ts";
import type { Address, Hex, RegionCode } from "../../base/types/ids.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { ROLES, type RoleName } from "../../adapters/chain/accessRoles.ts";
import { utf8 } from "../../base/lib/bytes.ts";
import { parseJsonFile } from "../../base/lib/json/parseJsonFile.ts";
import {
  ADDRESS_ANY_CASE,
  COUNTRY_CODE,
  DIGITS_18,
  PROVIDER_ID,
  REGION_CODE,
} from "../../base/lib/textPatterns.ts";
import { parseInstant } from "../../base/lib/time/parseInstant.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../base/types/participantKinds.ts";

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
const role = z.strictObject({
  members: z.array(address).min(1),
  delaySeconds: seconds,
  /** Seconds until a grant of the role counts. */
  grantDelaySeconds: seconds.default(0),
  /** Who had the role once and has it no more. */
  formerMembers: z.array(address).default([]),
});
const MAX_VERIFIER_SET = 32;
const verifierSet = z.int().min(1).max(MAX_VERIFIER_SET);
const kind = z.enum(Object.keys(PARTICIPANT_KINDS) as [ParticipantKind, ...ParticipantKind[]]);
const country = z.string().regex(COUNTRY_CODE, "must be an ISO 3166-1 alpha-2 code");
const instant = z.string().transform((text, context): UnixSeconds => {
  try {
    return parseInstant(text);
  } catch (error) {
    context.addIssue((error as Error).message);
    return z.NEVER;
  }
});
const firmId = z
  .string()
  .regex(/^0x[0-9a-f]{32}$/, "must be 0x and 32 hex digits, in small letters")
  .transform((text) => text as Hex);
const participant = z.strictObject({
  account: address,
  /** None: it is none any more, or never was; what it once was is in `formerKinds`. */
  kinds: z.array(kind),
  country,
  firmId: firmId.nullable().default(null),
  until: instant.nullable().default(null),
  verifierSets: z.array(verifierSet).default([]),
  formerKinds: z.array(kind).default([]),
});
const region = z.strictObject({
  region: z
    .string()
    .regex(REGION_CODE, "must match [A-Z0-9]{2,8}")
    .transform((text) => text as RegionCode),
  verifierThreshold: z.int().min(1).max(255),
  verifierSet: z.int().min(0).max(MAX_VERIFIER_SET),
});

/**
 * Closed schema `microtonne-terms/1`: what an operator of a network decides before deploying.
 * `deployments/example.terms.json` explains each field.
 */
const termsSchema = z.strictObject({
  schema: z.literal("microtonne-terms/1"),
  network: z.string().regex(PROVIDER_ID, "must match [a-z0-9-]{2,64}"),
  chainId: z.int().min(1),
  country,
  admin: address,
  adminDelaySeconds: seconds,
  /** Who was admin once and is no more; the deployer always was. */
  formerAdmins: z.array(address).default([]),
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
  regions: z.array(region).default([]),
  completionSeconds: seconds.min(1).nullable().default(null),
  leastClaimDays: z.int().min(0).max(0xffff).nullable().default(null),
  participants: z.array(participant).default([]),
  cash: z.strictObject({
    name: z.string().min(1).max(64),
    symbol: z.string().regex(/^[A-Z0-9-]{1,16}$/, "must match [A-Z0-9-]{1,16}"),
    /** The firm that issues it, for good; null: said later. */
    issuerFirmId: firmId.nullable().default(null),
    /** Base units that may circulate; null: said later. */
    limit: z
      .string()
      .regex(DIGITS_18, "must be a whole number of base units, as a text")
      .transform(BigInt)
      .nullable()
      .default(null),
  }),
});

export type NetworkTerms = z.output<typeof termsSchema>;

/** Numbers of verifier sets as the registry has them: bit n - 1 stands for set n. */
export function setBits(verifierSets: readonly number[]): number {
  return verifierSets.reduce((bits, one) => (bits | (1 << (one - 1))) >>> 0, 0);
}

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
