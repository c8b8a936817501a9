import { utf8 } from "./bytes.ts";

/** Blanks, dashes, dots, strokes and what is not seen: people part a number by any of them, or by none. */
const SEPARATORS = /[\p{Z}\p{Pd}\p{Pc}\p{Cf}\t\u2212.·•‧・:/\\*#]/gu;
const LETTERS_AND_DIGITS = /^[\p{L}\p{M}0-9]+$/u;
/** Scripts whose capitals look alike: `A` is a letter of each. */
const LIKE_SCRIPTS = [/\p{Script=Latin}/u, /\p{Script=Cyrillic}/u, /\p{Script=Greek}/u];

/**
 * An asset's number in the one spelling that its key is made of: compatibility forms resolved (NFKC),
 * capitals, without what parts its letters and digits. `鄂A·1 2345`, `鄂a12345` and `鄂Ａ１２３４５` are one vehicle.
 * Null for what has no such spelling: nothing is left, another sign is in it, it mixes scripts whose letters
 * look alike, or it is longer than `longest` UTF-8 bytes as given.
 */
export function normalisedAssetNumber(text: string, longest: number): string | null {
  if (utf8(text).length > longest) return null;
  const bare = text.normalize("NFKC").replaceAll(SEPARATORS, "").toUpperCase().normalize("NFKC");
  if (!LETTERS_AND_DIGITS.test(bare)) return null;
  return LIKE_SCRIPTS.filter((script) => script.test(bare)).length > 1 ? null : bare;
}
