import { scaleDecimal } from "../../base/lib/decimal.ts";
import { MILLIGRAMS_PER_GRAM } from "../../base/lib/mass.ts";
import type { ActivityRecord } from "../../base/types/activityRecord.ts";
import type { Methodology } from "../../base/types/methodology.ts";
import type { Milligrams } from "../../base/types/quantities.ts";

/** As many decimal places as a methodology's numbers can have. */
const PLACES = 30;
const ONE = 10n ** BigInt(PLACES);
const MICRO = 10n ** 6n;

/**
 * Milligrams of CO2e that a record comes to under a methodology, a rest below one milligram dropped:
 * min(quantity, cap) times grams per unit. Written anew here, on purpose, and not shared with the
 * quantification that made the batch.
 * @throws InputError as `scaleDecimal`
 */
export function recountMilligramsDown(
  record: Pick<ActivityRecord, "quantity">,
  methodology: Methodology,
): Milligrams {
  const { unitsPerAct } = methodology.caps;
  const quantity = (record.quantity * ONE) / MICRO;
  const cap = unitsPerAct === null ? quantity : scaleDecimal(unitsPerAct, PLACES);
  const counted = quantity < cap ? quantity : cap;
  return ((counted * scaleDecimal(methodology.gramsPerUnit, PLACES) * MILLIGRAMS_PER_GRAM) /
    (ONE * ONE)) as Milligrams;
}
