import { findRule } from "../../adapters/storage/rules/findRule.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { ADDRESS_ANY_CASE } from "../../base/lib/textPatterns.ts";
import type { Address } from "../../base/types/ids.ts";
import type { Rule, RuleKind } from "../../stages/rules/ports.ts";
import type { Context } from "../context.ts";
import { readRuleFile, type RuleFile } from "./readRuleFile.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * A registrar takes an operator's proposal into its own folder, from the file that was handed over.
 * @param proposedBy the operator's address, as the operator told it; not asked for where it is here already
 * @throws UsageError `rules.proposer`; InputError as `readRuleFile`; StateError as `decideRuleStep`
 */
export async function takeProposal(
  context: Context,
  file: RuleFile,
  kinds: readonly RuleKind[],
  proposedBy: string | null,
): Promise<Rule> {
  await context.refreshRules();
  const content = readRuleFile(file, kinds, context);
  const known = await findRule(context.db, context.tenant, content.kind, content.id);
  if (known?.tenant === context.tenant) return known;
  if (proposedBy === null || !ADDRESS_ANY_CASE.test(proposedBy))
    throw new UsageError(
      "rules.proposer",
      "Nothing says whose proposal the file is: an operator's address, 0x and 40 hex digits.",
      { remedy: { act: "name-proposer" } },
    );
  const event = {
    what: "propose",
    by: proposedBy.toLowerCase() as Address,
    at: context.clock.now(),
  } as const;
  return stepRule(context.db, context.tenant, content, event, ruleSteps(context));
}
