import { scaleDecimal } from "../../../base/lib/decimal.ts";

/** An exact number of milligrams, `times / per`. Neither is negative; it need not be in lowest terms. */
export interface Fraction {
  readonly times: bigint;
  /** > 0 */
  readonly per: bigint;
}

/** Milligrams per gram over millionths per unit: 10^3 / 10^6. */
const PLACES_TO_DROP = 3;

/** Grams per unit as milligrams per millionth of the unit. */
export function factorOf(gramsPerUnit: string): Fraction {
  const places = gramsPerUnit.split(".")[1]?.length ?? 0;
  return { times: scaleDecimal(gramsPerUnit, places), per: 10n ** BigInt(places + PLACES_TO_DROP) };
}
