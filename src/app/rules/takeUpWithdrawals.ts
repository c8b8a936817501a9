import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import type { RegionCode } from "../../base/types/ids.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { chainRuleOf } from "./chainRules.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * Takes over what a region's registrar withdrew on chain from another folder, so that no batch is closed with
 * it that the chain would refuse.
 */
export async function takeUpWithdrawals(
  context: Context,
  chain: ChainView,
  region: RegionCode,
): Promise<void> {
  const { db, tenant, clock } = context;
  for (const rule of await listRules(db, null)) {
    if (rule.kind !== "methodology" || rule.region !== region || rule.state !== "published") continue;
    const shown = await chainRuleOf(chain, rule);
    if (shown?.state !== "withdrawn") continue;
    const event = {
      what: "withdraw",
      by: shown.changedBy,
      regions: null,
      at: clock.now(),
      why: "The chain shows it as withdrawn.",
    } as const;
    await stepRule(db, tenant, rule, event, ruleSteps(context));
  }
  await context.refreshRules();
}
