import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { Rule, RuleKind } from "../../stages/rules/ports.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import { readChain } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { chainRuleOf } from "./chainRules.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";
import { ruleSteps } from "./ruleSteps.ts";
import { takeUpWithdrawals } from "./takeUpWithdrawals.ts";

/**
 * A verifier, or another operator of the region, takes over a rule from its file: its hash must be the one
 * that the region's registrar has published on the chain that the settings name. Nothing is signed or sent.
 * @throws InputError as `readRuleFile`; StateError `rules.not-on-chain`, `rules.withdrawn`, or as
 * `decideRuleStep`; CheckFailedError `rules.chain-differs`
 */
export async function addRule(context: Context, file: RuleFile, kinds: readonly RuleKind[]): Promise<Rule> {
  await context.refreshRules();
  const content = readRuleFile(file, kinds, context);
  const chain = await readChain(context);
  const shown = await chainRuleOf(chain, content);
  if (shown?.state !== "published")
    throw new StateError(
      shown === null ? "rules.not-on-chain" : "rules.withdrawn",
      `${file.name} hashes to ${content.id}, which the registry of this chain ` +
        `${shown === null ? "does not know" : "shows as withdrawn"}, so it is not added. ` +
        (shown === null
          ? `Ask the registrar of ${content.region} for the file of ${ruleName(content)} as it was published.`
          : "Batches that were closed with it stay valid without it."),
    );
  // The version that it stands in for may have been withdrawn since.
  await takeUpWithdrawals(context, chain, content.region);
  const event = { what: "shown", by: shown.publishedBy, at: shown.publishedAt } as const;
  return stepRule(context.db, context.tenant, content, event, ruleSteps(context));
}
