import type { LinearRule } from "../../../base/types/methodology.ts";
import { factorOf } from "./factorOf.ts";
import type { CompiledRule } from "./compiledRule.ts";

/** Quantity times factor. */
export function linear({ gramsPerUnit }: Pick<LinearRule, "gramsPerUnit">): CompiledRule {
  const factor = factorOf(gramsPerUnit);
  return (_record, quantity) => ({ times: quantity * factor.times, per: factor.per });
}
