import { parseDay } from "../../base/lib/time/calendar.ts";
import { z } from "zod";
import { toHex, utf8 } from "../../base/lib/bytes.ts";
import type { MethodologyId } from "../../base/types/ids.ts";
import type {
  Methodology,
  Methodology1,
  Methodology2,
  MethodologyCategory,
} from "../../base/types/methodology.ts";
import type { Day, UnixSeconds } from "../../base/types/quantities.ts";
import { canonicalJson } from "../canonicalJson.ts";
import { keccak } from "../keccak.ts";
import { methodology1Schema } from "../v1/methodology1Schema.ts";
import { utcMinute } from "./methodologies/utcMinute.ts";
import { methodology2Schema } from "./methodologies/methodology2Schema.ts";
import { decodeWith } from "../schema.ts";

/** What manifests of the first format list. */
export const methodologySchema = methodology1Schema;
/** Either form, by `schema`: what manifests of the second format list. */
export const anyMethodologySchema = z.discriminatedUnion("schema", [methodology1Schema, methodology2Schema]);

/** What a methodology counts; those of the first form count acts. */
export function methodologyCategory(methodology: Methodology): MethodologyCategory {
  return methodology.schema === "microtonne-methodology/1" ? "act" : methodology.category;
}

/**
 * A methodology version out of parsed JSON, of the form that its `schema` names.
 * @throws InputError `methodology.malformed` naming the field, or as `canonicalJson`
 */
export function parseMethodology(value: unknown): Methodology {
  const methodology: Methodology = decodeWith(
    anyMethodologySchema,
    value,
    "methodology.malformed",
    "methodology",
  );
  canonicalJson(methodology);
  return methodology;
}

/** keccak-256 of the canonical JSON of the whole version. */
export function methodologyIdOf(methodology: Methodology): MethodologyId {
  return toHex(keccak(utf8(canonicalJson(methodology)))) as MethodologyId;
}

/** True for methodologies that exist for tests only and are refused outside a local network. */
export function isTestMethodology(methodology: Pick<Methodology, "code">): boolean {
  return methodology.code.toUpperCase().startsWith("TEST-");
}

/** First and last day of validity, both inclusive, as days since 1970-01-01 in the methodology's zone. */
export function validityDays(
  methodology: Pick<Methodology1, "validFrom" | "validTo"> | Pick<Methodology2, "days">,
): {
  first: Day;
  last: Day;
} {
  const { first, last } =
    "days" in methodology ? methodology.days : { first: methodology.validFrom, last: methodology.validTo };
  return { first: parseDay(first) as Day, last: parseDay(last) as Day };
}

/** When an act must start to be counted by a methodology of the second form: [from, to). */
export function validityMinutes({ validFrom, validTo }: Pick<Methodology2, "validFrom" | "validTo">): {
  from: UnixSeconds;
  to: UnixSeconds;
} {
  return { from: utcMinute(validFrom), to: utcMinute(validTo) };
}
