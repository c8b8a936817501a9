import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import { StateError } from "../../base/errors/errors.ts";
import { decideRuleStep } from "../../stages/rules/decideRuleStep.ts";
import type { Rule, RuleEvent } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import { withShipped } from "../../stages/rules/withShipped.ts";
import { callsForOthers, NOBODY, type CallsForOthers } from "../chain/callsForOthers.ts";
import type { Context } from "../context.ts";
import { chainRuleOf, publishIntents } from "./chainRules.ts";
import { ruleSteps } from "./ruleSteps.ts";
import { takeUpWithdrawals } from "./takeUpWithdrawals.ts";

/** A rule after a registrar's step, and what is left for somebody else to send; null where it was sent. */
export interface RegistrarStep {
  readonly rule: Rule;
  readonly task: CallsForOthers | null;
}

/**
 * The region's registrar publishes a proposed rule on chain; it binds here once the chain shows it. Without
 * a registrar's key nothing is sent: the call is handed back, and the same command, run again after somebody
 * sent it, takes the rule over as published. May be repeated after any interruption.
 * @throws StateError `rules.…` as `decideRuleStep`; CheckFailedError `rules.chain-differs`, `outbox.failed`
 */
export async function publishRule(context: Context, rule: Rule): Promise<RegistrarStep> {
  const chain = await context.chain();
  await takeUpWithdrawals(context, chain, rule.region);
  const steps = ruleSteps(context);
  const take = async (): Promise<Rule | null> => {
    const shown = await chainRuleOf(chain, rule);
    if (shown === null) return null;
    if (shown.state === "withdrawn")
      throw new StateError(
        "rules.withdrawn",
        `${ruleName(rule)} was withdrawn on chain and stays so. Propose another version.`,
      );
    const event = { what: "shown", by: shown.publishedBy, at: shown.publishedAt } as const;
    return stepRule(context.db, context.tenant, rule, event, steps);
  };
  const known = await take();
  if (known) return { rule: known, task: null };

  const { registrar } = chain;
  const event: RuleEvent = {
    what: "publish",
    by: registrar?.signer.address ?? NOBODY,
    regions: registrar?.regions ?? null,
    at: context.clock.now(),
  };
  const others = withShipped(steps.shipped, await listRules(context.db, null));
  const { local, reachBack, rehearsal } = steps;
  decideRuleStep(rule, rule, event, { others, local, reachBack, rehearsal, openProposals: 0 });
  const intents = await publishIntents(chain, event.by, rule);
  if (registrar === null) return { rule, task: callsForOthers(chain.deployment, intents) };
  for (const intent of intents) await chain.outbox.enqueue(intent);
  await chain.settle();
  const published = await take();
  if (published === null)
    throw new StateError(
      "rules.not-on-chain",
      `The chain does not show ${ruleName(rule)} yet. Run the command again.`,
    );
  return { rule: published, task: null };
}
