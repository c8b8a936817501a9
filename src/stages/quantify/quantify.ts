import { MICRO_PLACES, scaleDecimal } from "../../base/lib/decimal.ts";
import { MAX_MILLIGRAMS } from "../../base/lib/mass.ts";
import { localDay } from "../../base/lib/zone.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { validityDays } from "../../format/batch/methodology.ts";
import { REFUSALS, type QuantifyRefusal } from "./reasonCodes.ts";

/** What a record saves, and the day of its start in the methodology's zone. */
export interface Quantified {
  /** > 0, rounded down. */
  readonly milligrams: Milligrams;
  readonly day: Day;
}

/**
 * A methodology's numbers as integers: a quantity of q millionths saves floor(q * times / per) milligrams.
 */
interface Factor {
  readonly times: bigint;
  readonly per: bigint;
  /** Millionths of the unit, or null. */
  readonly cap: bigint | null;
  readonly first: Day;
  readonly last: Day;
}

/** Milligrams per gram over millionths per unit: 10^3 / 10^6. */
const PLACES_TO_DROP = 3;

const factors = new WeakMap<Methodology, Factor>();

/**
 * What a record saves under one methodology version, in whole milligrams, rounded down. Integers only: the
 * result is never above the exact rational, and two parts of an act never earn more than the whole. What is
 * above the cap per act earns nothing.
 */
export function quantifyDown(record: ActivityRecord, methodology: Methodology): Quantified | QuantifyRefusal {
  if (record.scenario !== methodology.scenario) return REFUSALS.scenario;
  if (record.unit !== methodology.unit) return REFUSALS.unit;
  const factor = factorOf(methodology);
  const day = localDay(methodology.timeZone, record.startedAt);
  if (day < factor.first || day > factor.last) return REFUSALS.expired;
  const counted: bigint = factor.cap !== null && record.quantity > factor.cap ? factor.cap : record.quantity;
  const milligrams = (counted * factor.times) / factor.per;
  if (milligrams <= 0n) return REFUSALS.zero;
  if (milligrams > MAX_MILLIGRAMS) return REFUSALS.tooLarge;
  return { milligrams: milligrams as Milligrams, day };
}

/** True where a record earned something. */
export function isQuantified(outcome: Quantified | QuantifyRefusal): outcome is Quantified {
  return "milligrams" in outcome;
}

function factorOf(methodology: Methodology): Factor {
  let factor = factors.get(methodology);
  if (!factor) {
    const { gramsPerUnit, caps } = methodology;
    const places = gramsPerUnit.split(".")[1]?.length ?? 0;
    const cap = caps.unitsPerAct === null ? null : scaleDecimal(caps.unitsPerAct, MICRO_PLACES);
    const { first, last } = validityDays(methodology);
    factor = {
      times: scaleDecimal(gramsPerUnit, places),
      per: 10n ** BigInt(places + PLACES_TO_DROP),
      cap,
      first,
      last,
    };
    factors.set(methodology, factor);
  }
  return factor;
}
