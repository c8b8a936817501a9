import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import type { Rule, RuleKind } from "../../stages/rules/ports.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context } from "../context.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * An operator proposes a rule: it is kept with the operator's address and binds nobody until the region's
 * registrar has published it. The same file twice is one proposal.
 * @throws InputError as `readRuleFile`; StateError `rules.…` as `decideRuleStep`
 */
export async function proposeRule(
  context: Context,
  file: RuleFile,
  kinds: readonly RuleKind[],
): Promise<Rule> {
  await context.refreshRules();
  const content = readRuleFile(file, kinds, context);
  const { address } = await operatorOf(context);
  const event = { what: "propose", by: address, at: context.clock.now() } as const;
  return stepRule(context.db, context.tenant, content, event, ruleSteps(context));
}
