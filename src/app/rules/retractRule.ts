import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import type { Rule } from "../../stages/rules/ports.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context } from "../context.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * An operator takes back what it proposed and nobody has published. The proposal is gone, its decisions stay;
 * the file may be proposed again.
 * @throws StateError `rules.unknown`, `rules.published`, `rules.other-key`
 */
export async function retractRule(context: Context, rule: Rule): Promise<Rule> {
  const { address } = await operatorOf(context);
  const event = { what: "retract", by: address, at: context.clock.now() } as const;
  return stepRule(context.db, context.tenant, rule, event, ruleSteps(context));
}
