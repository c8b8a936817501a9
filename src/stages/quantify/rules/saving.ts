import { MICRO_PLACES, scaleDecimal } from "../../../base/lib/decimal.ts";
import type { SavingRule } from "../../../base/types/methodology.ts";
import { REFUSALS } from "../reasonCodes.ts";
import { ATTRIBUTE_PLACES, attributeReader } from "./attributeReader.ts";
import type { CompiledRule } from "./compiledRule.ts";
import { WHOLE_BPS_EXACT } from "../../../base/lib/basisPoints.ts";
import { factorOf } from "./factorOf.ts";

/** What stands in 10^-30 units where a quantity stands in millionths. */
const TO_MICRO = 10n ** BigInt(ATTRIBUTE_PLACES - MICRO_PLACES);

/** (Reference - quantity) times factor, where that is a large enough share and a large enough amount. */
export function saving({ reference, leastBps, floorUnits, gramsPerUnit }: SavingRule): CompiledRule {
  const factor = factorOf(gramsPerUnit);
  const floor = scaleDecimal(floorUnits, ATTRIBUTE_PLACES);
  const { number } = attributeReader(reference);
  return (record, quantity) => {
    const from = number(record);
    if (typeof from !== "bigint") return from;
    const saved = from - quantity * TO_MICRO;
    if (saved <= 0n || saved * WHOLE_BPS_EXACT < from * BigInt(leastBps) || saved < floor)
      return REFUSALS.savingTooSmall;
    return { times: saved * factor.times, per: factor.per * TO_MICRO };
  };
}
