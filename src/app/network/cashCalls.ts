import { raiseCashLimit, setCashIssuer } from "../../adapters/chain/intents/setUpCash.ts";
import { UsageError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import { NOBODY } from "../chain/callsForOthers.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { WantedCall } from "./takeNetworkSteps.ts";

/**
 * The calls that say whose a network's settlement cash is, and how much of it may be in circulation.
 * @param asked.firmId of the bank, 16 bytes; null: as it is
 * @param asked.limit base units (10^-6), above the limit that is; null: as it is
 * @throws UsageError `network.cash` where nothing is asked
 */
export function cashCalls(
  { deployment }: Pick<ChainView, "deployment">,
  { firmId, limit }: { readonly firmId: Hex | null; readonly limit: bigint | null },
): WantedCall[] {
  if (firmId === null && limit === null)
    throw new UsageError("network.cash", "Say the bank that issues the cash, its limit, or both.");
  const cash = deployment.contracts.SettlementCash;
  const calls: WantedCall[] = [];
  if (firmId !== null)
    calls.push({
      what: `the firm ${firmId} issues the settlement cash`,
      intent: setCashIssuer(cash, NOBODY, firmId),
    });
  if (limit !== null)
    calls.push({
      what: `${limit.toString()} base units of settlement cash may be in circulation`,
      intent: raiseCashLimit(cash, NOBODY, limit),
    });
  return calls;
}
