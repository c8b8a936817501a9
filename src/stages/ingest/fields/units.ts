import { InputError } from "../../../base/errors/errors.ts";
import { MICRO_PLACES } from "../../../base/lib/decimal.ts";
import { SECONDS_PER_HOUR } from "../../../base/lib/time/units.ts";
import type { Unit } from "../../../base/types/activityRecord.ts";

/** An exact ratio: one of the provider's unit is `times / per` of the record's unit. */
interface Ratio {
  readonly times: number;
  readonly per: number;
}

const DISTANCES: Readonly<Record<string, Ratio>> = {
  km: { times: 1, per: 1 },
  m: { times: 1, per: 1000 },
  cm: { times: 1, per: 100_000 },
  // International mile of 1,609.344 m and yard of 0.9144 m, exactly (Treaty of 1 July 1959).
  mi: { times: 1_609_344, per: 1_000_000 },
  yd: { times: 9144, per: 10_000_000 },
  ft: { times: 3048, per: 10_000_000 },
};
const ENERGIES: Readonly<Record<string, Ratio>> = {
  kWh: { times: 1, per: 1 },
  Wh: { times: 1, per: 1000 },
  MWh: { times: 1000, per: 1 },
  kJ: { times: 1, per: SECONDS_PER_HOUR },
  MJ: { times: 5, per: 18 },
  GJ: { times: 2500, per: 9 },
};
/** Which units of providers turn into which unit of a record. Exact by definition of the units. */
const CONVERSIONS: Readonly<Record<Unit, Readonly<Record<string, Ratio>>>> = {
  km: DISTANCES,
  "passenger-km": { ...DISTANCES, "passenger-km": { times: 1, per: 1 } },
  kWh: ENERGIES,
  trip: { trip: { times: 1, per: 1 } },
  meal: { meal: { times: 1, per: 1 } },
  // Of CO2e: what a budget of emissions is counted in.
  g: { g: { times: 1, per: 1 }, kg: { times: 1000, per: 1 } },
};

const DECIMAL = /^([+-]?)([0-9]{0,30})(?:\.([0-9]{0,30}))?(?:[eE]([+-]?[0-9]{1,2}))?$/;
const MAX_SAFE = Number.MAX_SAFE_INTEGER;

/** A decimal text as millionths of a unit: an integer up to 2^53 - 1, or what is wrong with it. */
export type MicroUnitsReading = number | "malformed" | "negative" | "too-large";

/**
 * Reads decimal texts of one provider's unit as millionths of one unit of records. Rounds down: what is below
 * a millionth is dropped.
 */
export type QuantityReader = (text: string) => MicroUnitsReading;

/** A unit with a number before it, of which the file counts parts or multiples. */
const SCALED = /^(0\.0{0,5}[1-9][0-9]{0,2}|[1-9][0-9]{0,5}) (.+)$/;

/**
 * The reader for a pair of units. `from` may be a multiple or part of a unit, such as `0.01 kWh`.
 * @throws InputError `profile.unit` where there is no exact conversion
 */
export function quantityReader(from: string, to: Unit): QuantityReader {
  return readerOf(from, to, false);
}

/**
 * The same for what is taken off: it rounds up, so that a difference is never more than it was. @throws
 * InputError `profile.unit`
 */
export function quantityReaderUp(from: string, to: Unit): QuantityReader {
  return readerOf(from, to, true);
}

function readerOf(from: string, to: Unit, up: boolean): QuantityReader {
  const conversions = CONVERSIONS[to];
  const [, factor = "1", name = from] = SCALED.exec(from) ?? [];
  const ratio = Object.hasOwn(conversions, name) ? scaled(conversions[name] as Ratio, factor) : undefined;
  if (!ratio) {
    const known = Object.keys(conversions).join(", ");
    throw new InputError(
      "profile.unit",
      `${JSON.stringify(from.slice(0, 40))} can't be converted to ${to}; known are ${known}.`,
    );
  }
  return (text) => toMicroUnits(text, ratio, up);
}

function scaled({ times, per }: Ratio, factor: string): Ratio {
  const [whole = "", fraction = ""] = factor.split(".");
  return { times: times * Number(whole + fraction), per: per * 10 ** fraction.length };
}

function toMicroUnits(text: string, ratio: Ratio, up: boolean): MicroUnitsReading {
  const plain = plainDigits(text);
  if (plain < 0) return anyDecimal(text, ratio, up);
  const point = text.indexOf(".");
  const micro = inSafeIntegers(plain, MICRO_PLACES - (point < 0 ? 0 : text.length - point - 1), ratio, up);
  return micro < 0 ? anyDecimal(text, ratio, up) : micro;
}

/** The digits of a short plain decimal such as 234.515360 as one integer; -1 for every other text. */
function plainDigits(text: string): number {
  const { length } = text;
  if (length === 0 || length > 16) return -1;
  let mantissa = 0;
  let points = 0;
  for (let i = 0; i < length; i++) {
    const character = text.charCodeAt(i);
    if (character >= 48 && character <= 57) mantissa = mantissa * 10 + (character - 48);
    else if (character !== 46 || i === 0 || i === length - 1 || ++points > 1) return -1;
  }
  return mantissa;
}

/** mantissa * 10^shift * ratio rounded down or up, where every step is a safe integer; else -1. */
function inSafeIntegers(mantissa: number, shift: number, ratio: Ratio, up: boolean): number {
  if (shift < -9 || shift > 9) return -1;
  const product = mantissa * ratio.times * (shift > 0 ? 10 ** shift : 1);
  const divisor = ratio.per * (shift < 0 ? 10 ** -shift : 1);
  // A mantissa or product above 2^53 shows as one, rounded or not.
  if (product > MAX_SAFE) return -1;
  const rest = product % divisor;
  return (product - rest) / divisor + (up && rest > 0 ? 1 : 0);
}

function anyDecimal(text: string, ratio: Ratio, up: boolean): MicroUnitsReading {
  const match = DECIMAL.exec(text);
  if (!match) return "malformed";
  const [, sign, whole = "", fraction = "", exponent = "0"] = match;
  const digits = whole + fraction;
  if (digits === "") return "malformed";
  const mantissa = BigInt(digits);
  if (sign === "-" && mantissa !== 0n) return "negative";
  return exactly(mantissa, MICRO_PLACES - fraction.length + Number(exponent), ratio, up);
}

function exactly(mantissa: bigint, shift: number, ratio: Ratio, up: boolean): MicroUnitsReading {
  const product = mantissa * 10n ** BigInt(Math.max(shift, 0)) * BigInt(ratio.times);
  const divisor = 10n ** BigInt(Math.max(-shift, 0)) * BigInt(ratio.per);
  const value = product / divisor + (up && product % divisor > 0n ? 1n : 0n);
  return value > BigInt(MAX_SAFE) ? "too-large" : Number(value);
}
