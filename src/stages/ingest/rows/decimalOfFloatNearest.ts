/** A binary float keeps this many decimal digits whatever they are (IEEE 754, 53 bits). */
const EXACT_DIGITS = 15;

/**
 * The decimal that a binary float's text stands for: spreadsheets and JSON writers print 4.6 as
 * 4.5999999999999996. Up to 15 significant digits are what was meant; of more, the 15 that are nearest. Whole
 * numbers that are written out stay as they are: a writer of integers knows all of their digits. From 10^15
 * on the answer has an exponent, as such a number's last digits are lost.
 */
export function decimalOfFloatNearest(text: string): string {
  const [, whole = "", fraction, exponent] = /^-?(\d+)(?:\.(\d+))?([eE][+-]?\d+)?$/.exec(text) ?? [];
  if (fraction === undefined && exponent === undefined) return text;
  if ((whole + (fraction ?? "")).replace(/^0+/, "").length <= EXACT_DIGITS) return text;
  const [digits = "", power] = Number(text).toPrecision(EXACT_DIGITS).split("e");
  const shortest = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  return power === undefined ? shortest : `${shortest}E${power}`;
}
