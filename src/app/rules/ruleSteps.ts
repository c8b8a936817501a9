import type { RuleSteps } from "../../adapters/storage/rules/stepRule.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import { decideRuleStep } from "../../stages/rules/decideRuleStep.ts";
import { decisionHash } from "../../stages/rules/decisionHash.ts";
import { methodologyContent } from "../../stages/rules/methodologyContent.ts";
import type { RuleSurroundings } from "../../stages/rules/ports.ts";
import type { Context } from "../context.ts";

/** How rules of this network take their steps, beside those that ship. */
export function ruleSteps({ local }: Pick<Context, "local">): RuleSteps {
  return { decide: decideRuleStep, hash: decisionHash, shipped: shippedRules(), local };
}

/** What ships counts as published: no file may take its names or count its acts. */
export function shippedRules(): RuleSurroundings["others"] {
  return shippedMethodologies().map((methodology) => ({
    ...methodologyContent(methodology),
    state: "published",
  }));
}
