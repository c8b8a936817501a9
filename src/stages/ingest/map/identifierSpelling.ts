import { parsePhoneNumberFromString } from "libphonenumber-js/min";
import { utf8 } from "../../../base/lib/bytes.ts";
import { PRINTABLE_ASCII } from "../../../base/lib/textPatterns.ts";
import type { Profile } from "../schema/profileSchema.ts";

/** One spelling of an identifier, or null where the text can't be one. */
export type Spelling = (text: string) => string | null;

/** What people part the digits of a card by, or not. */
const CARD_SEPARATORS = /[\p{Z}\p{Pd}.·]/gu;

/**
 * The spelling under which people are the same to all who name them: compatibility forms resolved (NFKC:
 * full-width digits are digits), then by the profile's kind of identifier.
 * - `phone`: E.164, `+8613800138000`, whatever parts the digits, with or without the country's calling code;
 *   null for what can't be a number there, such as a masked one.
 * - `card`: capitals, without blanks, dashes and dots; null for what has other signs than letters and digits.
 * Other kinds stay as written. Null as well for what a spreadsheet has rounded, for control and invisible
 * characters, and for more than `longest` UTF-8 bytes.
 */
export function identifierSpelling(
  { kind, country }: Pick<NonNullable<Profile["subject"]>, "kind" | "country">,
  longest: number,
): Spelling {
  const spell = kind === "phone" ? phoneIn(country ?? "") : kind === "card" ? card : (text: string) => text;
  return (text) => {
    const folded = normalised(text, "NFKC", longest);
    return folded === null || isRounded(folded) ? null : spell(folded.trim());
  };
}

function phoneIn(country: string): Spelling {
  const options = { defaultCallingCode: country, extract: false };
  return (text) => {
    // Letters would be read as the keys of a telephone.
    if (/\p{L}/u.test(text)) return null;
    const number = parsePhoneNumberFromString(text.replace(/^00/, "+"), options);
    return number?.isPossible() === true ? number.number : null;
  };
}

function card(text: string): string | null {
  const bare = text.replaceAll(CARD_SEPARATORS, "").toUpperCase();
  return /^[\p{L}\p{N}]+$/u.test(bare) ? bare : null;
}

/** Control and invisible characters: two identifiers that look alike must not differ. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/u;

/** The text in a normal form, or null where it is too long in UTF-8 or has invisible characters. */
export function normalised(text: string, form: "NFC" | "NFKC", longest: number): string | null {
  if (PRINTABLE_ASCII.test(text)) return text.length <= longest ? text : null;
  const normal = text.normalize(form);
  return INVISIBLE.test(normal) || utf8(normal).length > longest ? null : normal;
}

/**
 * Whether an identifier is a number in scientific notation, as spreadsheets write those of 12 and more digits
 * and lose the last ones: several people or records come to look like one.
 */
export function isRounded(identifier: string): boolean {
  return /^[+-]?[0-9](?:[.,][0-9]+)?E\+[0-9]{2,}$/i.test(identifier);
}
