import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { MethodologyId } from "../../../base/types/ids.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import { METHODOLOGY_STATES } from "./readMethodology.ts";
import type { ReadClient } from "../readOnly.ts";

/**
 * When the registry's chain took in the withdrawal of a methodology version; null of one that is published or
 * unknown.
 * @param fromBlock the deployment's
 */
export async function readWithdrawal(
  client: ReadClient,
  { MethodologyRegistry }: Pick<ContractAddresses, "MethodologyRegistry">,
  methodologyId: MethodologyId,
  fromBlock: bigint,
): Promise<UnixSeconds | null> {
  const contract = { address: MethodologyRegistry, abi: methodologyRegistryAbi } as const;
  const { status } = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "termsOf", args: [methodologyId] }),
  );
  if (METHODOLOGY_STATES[status] !== "withdrawn") return null;
  const logs = await client.ask(async (rpc) =>
    rpc.getContractEvents({
      ...contract,
      eventName: "MethodologySet",
      args: { methodologyId },
      fromBlock,
      toBlock: "latest",
    }),
  );
  // The change that withdrew it: validity may have been set again behind it, and registries before this one
  // let a version come back between two withdrawals.
  const before = logs.findLastIndex(({ args }) => METHODOLOGY_STATES[args.status ?? 0] !== "withdrawn");
  const log = logs[before + 1];
  if (log === undefined) return null;
  const block = await client.ask(async (rpc) => rpc.getBlock({ blockNumber: log.blockNumber }));
  return Number(block.timestamp) as UnixSeconds;
}
