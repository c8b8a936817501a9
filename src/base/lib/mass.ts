import { InputError } from "../errors/errors.ts";
import type { BaseUnits, Milligrams } from "../types/quantities.ts";
import { formatDecimal, scaleDecimal } from "./decimal.ts";

/** Sizes from 2^63 are refused everywhere (batch format, "Sum tree"). */
export const MAX_MILLIGRAMS = 2n ** 63n - 1n;
export const MILLIGRAMS_PER_GRAM = 1_000n;
/** 1.0 credit = 1 tCO2e = 10^9 mg = 10^18 base units. */
export const BASE_UNITS_PER_MILLIGRAM = 10n ** 9n;
export const MILLIGRAM_PLACES_OF_A_GRAM = 3;
const MILLIGRAM_PLACES_OF_A_TONNE = 9;

/** @throws InputError `mass.out-of-range` outside 0 <= n < 2^63 */
export function milligrams(value: bigint): Milligrams {
  if (value < 0n || value > MAX_MILLIGRAMS)
    throw new InputError("mass.out-of-range", `${value.toString()} mg is outside 0 to 2^63 - 1.`);
  return value as Milligrams;
}

/** Exact: every milligram is 10^9 base units. */
export function toBaseUnits(mass: Milligrams): BaseUnits {
  return (mass * BASE_UNITS_PER_MILLIGRAM) as BaseUnits;
}

/** Whole milligrams in an amount of credits; a rest below one milligram is dropped. */
export function toMilligramsDown(amount: BaseUnits): Milligrams {
  return milligrams(amount / BASE_UNITS_PER_MILLIGRAM);
}

/** "2.62" tonnes as milligrams, exactly. @throws InputError as `scaleDecimal` and `milligrams` */
export function parseTonnes(text: string): Milligrams {
  return milligrams(scaleDecimal(text, MILLIGRAM_PLACES_OF_A_TONNE));
}

/** Milligrams as a minimal decimal of tonnes. */
export function formatTonnes(mass: Milligrams): string {
  return formatDecimal(mass, MILLIGRAM_PLACES_OF_A_TONNE);
}
