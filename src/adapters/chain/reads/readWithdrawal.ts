import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { MethodologyId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import type { ReadClient } from "../readOnly.ts";
import { METHODOLOGY_STATES, methodologyHistory } from "./methodologyHistory.ts";

/**
 * When the registry's chain took in the withdrawal of a methodology version; null of one that is published or
 * unknown.
 * @param fromBlock the deployment's
 */
export async function readWithdrawal(
  client: ReadClient,
  contracts: Pick<ContractAddresses, "MethodologyRegistry">,
  methodologyId: MethodologyId,
  fromBlock: bigint,
): Promise<UnixSeconds | null> {
  const { state, changes } = await methodologyHistory(client, contracts, methodologyId, fromBlock);
  if (state !== "withdrawn") return null;
  const logs = await changes();
  // The change that withdrew it: validity may have been set again behind it, and registries before this one
  // let a version come back between two withdrawals.
  const before = logs.findLastIndex(({ args }) => METHODOLOGY_STATES[args.status ?? 0] !== "withdrawn");
  const log = logs[before + 1];
  if (log === undefined) return null;
  const block = await client.ask(async (rpc) => rpc.getBlock({ blockNumber: log.blockNumber }));
  return Number(block.timestamp) as UnixSeconds;
}
