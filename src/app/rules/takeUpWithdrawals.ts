import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { readMethodology } from "../../adapters/chain/readMethodology.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import type { MethodologyId, RegionCode } from "../../base/types/ids.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * Takes over what a region's registrar withdrew on chain from another folder, so that no batch is closed with
 * it that the chain would refuse, and a version may come in where a withdrawn one counted.
 */
export async function takeUpWithdrawals(
  context: Context,
  chain: ChainView,
  region: RegionCode,
): Promise<void> {
  const { db, tenant, clock } = context;
  const { client, deployment } = chain;
  const fromBlock = BigInt(deployment.block);
  for (const rule of await listRules(db, null)) {
    if (rule.kind !== "methodology" || rule.region !== region || rule.state !== "published") continue;
    const shown = await readMethodology(client, deployment.contracts, rule.id as MethodologyId, fromBlock);
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
