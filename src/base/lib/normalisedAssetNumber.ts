import { utf8 } from "./bytes.ts";

/** Blanks, dashes, dots, strokes and format signs: people part a number by any of them, or by none. */
const SEPARATORS = /[\p{Z}\p{Pd}\p{Pc}\p{Cf}\t\u2212\u30fc.·•‧・:/\\*#]/gu;

/**
 * What may stand in one number together, beside digits: Latin capitals with the marks that NFKC joins to
 * them, Han (`鄂A12345`), Hiragana (`品川300あ1234`) and Hangul (`12가3456`): none has a letter that looks like
 * one of another. Left out for that: Eth beside Đ, what of Latin is not in its first blocks, Hangul in parts,
 * and Katakana, of which much looks like Han or Hiragana.
 */
const TOGETHER = new RegExp(
  "^(?:[0-9A-ZÀ-ÏÑ-ÖØ-Þ\u0100-\u0137\u0139-\u017D\u1E00-\u1E95\u1EA0-\u1EF8ぁ-ゖ가-힣]" +
    "|(?=\\p{L})\\p{Script=Han})+$",
  "u",
);

/** What has letters that look like those, or is written from the right, stands by itself. */
const ALONE = [/^[0-9\u0400-\u042F]+$/u, /^[0-9\u0621-\u063A\u0641-\u064A]+$/u, /^[0-9\u0E01-\u0E2E]+$/u];

/** Cyrillic and Greek capitals that are one sign with a Latin one. Their countries' plates have no others. */
const LATIN_OF = [
  ["АВЕКМНОРСТУХІЈЅ", "ABEKMHOPCTYXIJS"],
  ["ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEZHIKMNOPTYX"],
].map(([letters = "", latin = ""]) => ({
  whole: new RegExp(`^[0-9\\u0300-\\u036F${letters}]+$`, "u"),
  latin: new Map(Array.from(letters, (letter, at) => [letter, latin[at] as string])),
}));

/**
 * An asset's number in the one spelling that its key is made of: compatibility forms resolved (NFKC),
 * capitals, without what parts its letters and digits. `鄂A·1 2345`, `鄂a12345` and `鄂Ａ１２３４５` are one vehicle,
 * and so are `А777ВС` in Cyrillic and in Latin letters.
 * Null for what has no such spelling: nothing is left, another sign is in it (what is not seen, such as a
 * variation selector or a filler, or a mark that no letter takes up), it mixes scripts that have letters that
 * look alike, or it is longer than `longest` UTF-8 bytes as given.
 */
export function normalisedAssetNumber(text: string, longest: number): string | null {
  if (utf8(text).length > longest) return null;
  const bare = inLatin(text.normalize("NFKC").replaceAll(SEPARATORS, "").toUpperCase().normalize("NFKC"));
  return TOGETHER.test(bare) || ALONE.some((script) => script.test(bare)) ? bare : null;
}

/** A number all of whose letters look like Latin ones, in those; any other as it is. */
function inLatin(bare: string): string {
  const parts = bare.normalize("NFD");
  const script = LATIN_OF.find(({ whole }) => whole.test(parts));
  if (!script) return bare;
  const latin = Array.from(parts, (sign) => script.latin.get(sign) ?? sign)
    .join("")
    .normalize("NFC");
  return TOGETHER.test(latin) ? latin : bare;
}
