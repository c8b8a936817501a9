import type { RuleSteps } from "../../../../src/adapters/storage/rules/stepRule.ts";
import { decisionHash } from "../../../../src/stages/decisions/decisionHash.ts";
import { decideRuleStep } from "../../../../src/stages/rules/decideRuleStep.ts";
import { withShipped } from "../../../../src/stages/rules/withShipped.ts";

/** How rules take their steps where none ships. */
export const ruleSteps: RuleSteps = {
  decide: decideRuleStep,
  hash: decisionHash,
  shipped: [],
  beside: withShipped,
  local: false,
  reachBack: false,
  rehearsal: false,
};
