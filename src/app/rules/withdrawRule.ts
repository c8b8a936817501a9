import { enqueueIntent } from "../../adapters/storage/outbox/outbox.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import { InputError } from "../../base/errors/errors.ts";
import { decideRuleStep } from "../../stages/rules/decideRuleStep.ts";
import type { Rule } from "../../stages/rules/ports.ts";
import { callsForOthers, NOBODY } from "../chain/callsForOthers.ts";
import type { Context } from "../context.ts";
import { chainRuleOf, withdrawIntent } from "./chainRules.ts";
import type { RegistrarStep } from "./publishRule.ts";
import { ruleSteps } from "./ruleSteps.ts";

const MAX_WHY = 500;

/**
 * The region's registrar withdraws a published rule: here it counts nothing from this moment on, and the
 * chain takes no batch with it. What was closed with it stays valid. Without a registrar's key nothing
 * changes but where the chain shows the withdrawal already; else the call is handed back.
 * @param why for the row of the decision
 * @throws StateError `rules.…` as `decideRuleStep`; InputError `rules.why`; CheckFailedError `outbox.failed`
 */
export async function withdrawRule(context: Context, rule: Rule, why: string): Promise<RegistrarStep> {
  const reason = why.normalize("NFC").trim();
  if (reason === "" || reason.length > MAX_WHY)
    throw new InputError(
      "rules.why",
      `Say in 1 to ${String(MAX_WHY)} characters why it is withdrawn; it stands in the record for good.`,
    );
  const chain = await context.chain();
  const { registrar, deployment } = chain;
  const event = { what: "withdraw", at: context.clock.now(), why: reason } as const;
  if (registrar === null) {
    const { local, reachBack, rehearsal } = ruleSteps(context);
    const surroundings = { others: [], local, reachBack, rehearsal, openProposals: 0 };
    decideRuleStep(rule, rule, { ...event, by: NOBODY, regions: null }, surroundings);
    const shown = await chainRuleOf(chain, rule);
    if (shown?.state !== "withdrawn")
      return {
        rule,
        task: callsForOthers(deployment, [withdrawIntent(chain, rule.publishedBy ?? NOBODY, rule)]),
      };
    const seen = { ...event, by: shown.changedBy, regions: null };
    return {
      rule: await stepRule(context.db, context.tenant, rule, seen, ruleSteps(context)),
      task: null,
    };
  }
  const { signer, regions } = registrar;
  const withdrawn = await context.db.transaction(async (tx) => {
    const own = { ...event, by: signer.address, regions };
    const after = await stepRule(tx, context.tenant, rule, own, ruleSteps(context));
    await enqueueIntent(tx, context.tenant, withdrawIntent(chain, signer.address, rule));
    return after;
  });
  await chain.settle();
  return { rule: withdrawn, task: null };
}
