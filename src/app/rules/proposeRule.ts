import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import { StateError } from "../../base/errors/errors.ts";
import type { Rule, RuleContent, RuleKind } from "../../stages/rules/ports.ts";
import { operatorOf } from "../chain/operatorOf.ts";
import type { Context } from "../context.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";
import { ruleSteps } from "./ruleSteps.ts";

/** Each may have a mebibyte, and whoever lists rules reads them all. */
const MAX_OPEN_PROPOSALS = 100;

/**
 * An operator proposes a rule: it is kept with the operator's address and binds nobody until the region's
 * registrar has published it. The same file twice is one proposal.
 * @throws InputError as `readRuleFile`; StateError `rules.too-many`, or `rules.…` as `decideRuleStep`
 */
export async function proposeRule(
  context: Context,
  file: RuleFile,
  kinds: readonly RuleKind[],
): Promise<Rule> {
  await context.refreshRules();
  const content = readRuleFile(file, kinds, context);
  await checkRoom(context, content);
  const { address } = await operatorOf(context);
  const event = { what: "propose", by: address, at: context.clock.now() } as const;
  return stepRule(context.db, context.tenant, content, event, ruleSteps(context));
}

async function checkRoom({ db, tenant }: Context, { kind, id }: RuleContent): Promise<void> {
  const own = (await listRules(db, tenant)).filter((rule) => rule.tenant === tenant);
  if (own.some((rule) => rule.kind === kind && rule.id === id)) return;
  if (own.filter(({ state }) => state === "proposed").length >= MAX_OPEN_PROPOSALS)
    throw new StateError(
      "rules.too-many",
      `You have ${String(MAX_OPEN_PROPOSALS)} proposals that no registrar has published; more are not taken.`,
    );
}
