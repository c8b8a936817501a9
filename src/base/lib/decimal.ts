import { InputError } from "../errors/errors.ts";

/** Decimal places of a quantity: records count in millionths of a unit. */
export const MICRO_PLACES = 6;

const MINIMAL = /^(?:0|[1-9][0-9]*)(?:\.[0-9]*[1-9])?$/;

/**
 * True for a non-negative decimal written the one shortest way: "0", "1.5", not "1.50", "01", "+1", "1e3".
 */
export function isMinimalDecimal(text: string): boolean {
  return MINIMAL.test(text);
}

/**
 * The integer `text * 10^places`, exactly.
 * @throws InputError `decimal.malformed` where the text is no plain non-negative decimal,
 * `decimal.too-precise` where digits would be lost
 */
export function scaleDecimal(text: string, places: number): bigint {
  const match = /^([0-9]{1,30})(?:\.([0-9]{1,30}))?$/.exec(text);
  if (!match)
    throw new InputError(
      "decimal.malformed",
      `Expected a plain decimal number such as 12.5, got ${JSON.stringify(text.slice(0, 40))}.`,
    );
  const fraction = (match[2] ?? "").replace(/0+$/, "");
  if (fraction.length > places) {
    throw new InputError(
      "decimal.too-precise",
      `${text} has more than ${String(places)} decimal places, the finest that is kept here.`,
    );
  }
  return BigInt((match[1] as string) + fraction.padEnd(places, "0"));
}

/** `scaled / 10^places` as a minimal decimal. `scaled` >= 0. */
export function formatDecimal(scaled: bigint, places: number): string {
  const digits = scaled.toString().padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places);
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  return fraction === "" ? whole : `${whole}.${fraction}`;
}
