import { z } from "zod";
import { InputError } from "../base/errors/errors.ts";
import { fromHex, toHex } from "../base/lib/bytes.ts";
import { MAX_MILLIGRAMS } from "../base/lib/mass.ts";
import type {
  Address,
  BatchId,
  Hex,
  ProviderId,
  RegionCode,
  RetirementId,
  TenantId,
} from "../base/types/ids.ts";
import type { Day, Milligrams, UnixSeconds } from "../base/types/quantities.ts";
import { DIGITS_19, PROVIDER_ID, REGION_CODE, TENANT_ID, WORD32 } from "../base/lib/textPatterns.ts";

/** Fields that the format's closed schemas share. Each encodes to JSON and decodes to a branded type. */

const matching =
  (pattern: RegExp) =>
  (value: unknown): boolean =>
    typeof value === "string" && pattern.test(value);

/** 32 bytes as lower-case hex. */
export const word32 = z.custom<Hex>(matching(WORD32), "must be 0x and 64 lower-case hex digits");
/** 20 bytes as lower-case hex; checksummed spellings are refused, since they would be other bytes. */
export const address = z.custom<Address>(
  matching(/^0x[0-9a-f]{40}$/),
  "must be 0x and 40 lower-case hex digits",
);
/** Any number of bytes as lower-case hex. */
export const hexBytes = z.custom<Hex>(
  matching(/^0x(?:[0-9a-f]{2})*$/),
  "must be 0x and an even number of lower-case hex digits",
);
/** Bytes of a fixed length, or of any, as lower-case hex. */
export const bytesField = (length?: number) =>
  z.codec(
    z
      .string()
      .refine(matching(/^0x(?:[0-9a-f]{2})*$/), "must be 0x and an even number of lower-case hex digits"),
    z.custom<Uint8Array>(
      (value) => value instanceof Uint8Array && (length === undefined || value.length === length),
      {
        message: length === undefined ? "must be bytes" : `must have ${String(length)} bytes`,
      },
    ),
    { decode: (text) => fromHex(text), encode: (bytes) => toHex(bytes) },
  );
export const batchIdField = z.custom<BatchId>(matching(WORD32), "must be 0x and 64 lower-case hex digits");
export const retirementIdField = z.custom<RetirementId>(
  matching(WORD32),
  "must be 0x and 64 lower-case hex digits",
);
export const tenantField = z.custom<TenantId>(matching(TENANT_ID), "must match [a-z0-9-]{2,32}");
export const providerField = z.custom<ProviderId>(matching(PROVIDER_ID), "must match [a-z0-9-]{2,64}");
export const regionField = z.custom<RegionCode>(matching(REGION_CODE), "must match [A-Z0-9]{2,8}");

/** IANA name, by its spelling only: which zones exist is a matter of tzdata. */
export const timeZoneField = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_+-]{0,31}(?:\/[A-Za-z0-9_+-]{1,32}){0,2}$/, "must be an IANA time zone");

/** Decimal string of an integer without leading zeros. */
export const decimalInteger = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,77})$/, "must be a decimal integer without leading zeros");

/** Decimal string of whole milligrams, 0 <= n < 2^63. */
export const milligramsField = z.codec(
  z
    .string()
    .refine(
      (text) => DIGITS_19.test(text) && BigInt(text) <= MAX_MILLIGRAMS,
      "must be a decimal integer below 2^63",
    ),
  z.custom<Milligrams>(
    (value) => typeof value === "bigint" && value >= 0n && value <= MAX_MILLIGRAMS,
    "must be below 2^63",
  ),
  { decode: (text) => BigInt(text) as Milligrams, encode: (mass) => mass.toString() },
);

const integerTo =
  (highest: number) =>
  (value: unknown): boolean =>
    Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= highest;

export const uint32 = z.custom<number>(integerTo(2 ** 32 - 1), "must be an integer from 0 to 2^32 - 1");
export const dayField = z.custom<Day>(integerTo(2 ** 32 - 1), "must be an integer from 0 to 2^32 - 1");
export const unixSecondsField = z.custom<UnixSeconds>(
  integerTo(Number.MAX_SAFE_INTEGER),
  "must be an integer from 0 to 2^53 - 1",
);

/**
 * The value behind `value` under a schema.
 * @throws InputError `code`, naming the first field that does not fit; values are not repeated, they may be
 * confidential
 */
export function decodeWith<T extends z.ZodType>(
  schema: T,
  value: unknown,
  code: string,
  what: string,
): z.output<T> {
  // Codecs expect their own input type; everything else is reported as an issue like any other.
  const outcome = schema.safeDecode(value as z.input<T>);
  if (outcome.success) return outcome.data;
  throw refused(outcome.error, code, what);
}

/** The JSON form of a typed value. @throws InputError `code` */
export function encodeWith<T extends z.ZodType>(
  schema: T,
  value: z.output<T>,
  code: string,
  what: string,
): z.input<T> {
  const outcome = schema.safeEncode(value);
  if (outcome.success) return outcome.data;
  throw refused(outcome.error, code, what);
}

function refused(error: z.ZodError, code: string, what: string): InputError {
  const issue = error.issues[0];
  const path = issue === undefined ? "" : issue.path.join(".");
  return new InputError(
    code,
    `The ${what} breaks its schema at ${path === "" ? "its top" : path}: ${issue?.message ?? "unknown"}.`,
  );
}
