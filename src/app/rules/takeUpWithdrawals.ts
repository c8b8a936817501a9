import { listRules } from "../../adapters/storage/rules/listRules.ts";
import { readMethodology } from "../../adapters/chain/reads/readMethodology.ts";
import { readWithdrawal } from "../../adapters/chain/reads/readWithdrawal.ts";
import { stepRule } from "../../adapters/storage/rules/stepRule.ts";
import type { MethodologyId, RegionCode } from "../../base/types/ids.ts";
import { ruleName } from "../../stages/rules/ruleName.ts";
import { withShipped } from "../../stages/rules/withShipped.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { Context } from "../context.ts";
import { ruleSteps } from "./ruleSteps.ts";

/**
 * Takes over what a region's registrar withdrew on chain from another folder, what ships among it, so that no
 * batch is closed with it that the chain would refuse, and a version may come in where a withdrawn one
 * counted. Each is named in the log.
 */
export async function takeUpWithdrawals(
  context: Context,
  chain: ChainView,
  region: RegionCode,
): Promise<void> {
  const { db, tenant, clock } = context;
  const { client, deployment } = chain;
  const fromBlock = BigInt(deployment.block);
  const steps = ruleSteps(context);
  for (const rule of withShipped(steps.shipped, await listRules(db, null))) {
    if (rule.kind !== "methodology" || rule.region !== region || rule.state !== "published") continue;
    const asked = [client, deployment.contracts, rule.id as MethodologyId, fromBlock] as const;
    // One question of each that stands, which are nearly all.
    if ((await readWithdrawal(...asked)) === null) continue;
    const shown = await readMethodology(...asked);
    if (shown?.state !== "withdrawn") continue;
    const event = {
      what: "withdraw",
      by: shown.changedBy,
      regions: null,
      at: clock.now(),
      why: "The chain shows it as withdrawn.",
    } as const;
    await stepRule(db, tenant, rule, event, steps);
    context.log.warn(
      { rule: ruleName(rule), id: rule.id },
      "the registrar withdrew this methodology: it counts no act any more, and closings leave out its acts",
    );
  }
  await context.refreshRules();
}
