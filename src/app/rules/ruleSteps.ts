import type { RuleSteps } from "../../adapters/storage/rules/stepRule.ts";
import { shippedMethodologies } from "../../stages/quantify/shippedMethodologies.ts";
import { SHIPPED_CLASS_LISTS } from "../../format/batch/classes/classLists.ts";
import { classesContent } from "../../stages/rules/classesContent.ts";
import { decideRuleStep } from "../../stages/rules/decideRuleStep.ts";
import { decisionHash } from "../../stages/decisions/decisionHash.ts";
import { methodologyContent } from "../../stages/rules/methodologyContent.ts";
import type { RuleContent, RuleSurroundings } from "../../stages/rules/ports.ts";
import { withShipped } from "../../stages/rules/withShipped.ts";
import type { Context } from "../context.ts";

/** How rules of this network take their steps, beside those that ship. */
export function ruleSteps({ local, config }: Pick<Context, "local" | "config">): RuleSteps {
  const { rehearsal } = config;
  const reachBack = local && (rehearsal || config.rulesReachBack);
  const steps = {
    decide: decideRuleStep,
    hash: decisionHash,
    shipped: shippedRules(),
    beside: withShipped,
  };
  return { ...steps, local, reachBack, rehearsal };
}

/** The list of scenario classes that ships, as a file of its own would have it. */
export function shippedClasses(): RuleContent {
  const { version, classes } = SHIPPED_CLASS_LISTS.newest;
  return classesContent({ schema: "microtonne-scenario-classes/1", region: "SHIPPED", version, classes });
}

/** What ships counts as published: no file may take its names or count its acts. */
export function shippedRules(): RuleSurroundings["others"] {
  return [shippedClasses(), ...shippedMethodologies().map((one) => methodologyContent(one))].map(
    (content) => ({ ...content, state: "published" }),
  );
}
