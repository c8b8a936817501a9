import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { MethodologyId } from "../../../base/types/ids.ts";
import { methodologyRegistryAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

/** What the registry's numbers say. */
export const METHODOLOGY_STATES = [null, "published", "withdrawn"] as const;

/**
 * The terms of a methodology version as they stand, and all changes of them, the oldest first.
 * @param fromBlock the deployment's
 */
export async function methodologyHistory(
  client: ReadClient,
  { MethodologyRegistry }: Pick<ContractAddresses, "MethodologyRegistry">,
  methodologyId: MethodologyId,
  fromBlock: bigint,
) {
  const contract = { address: MethodologyRegistry, abi: methodologyRegistryAbi } as const;
  const terms = await client.ask(async (rpc) =>
    rpc.readContract({ ...contract, functionName: "termsOf", args: [methodologyId] }),
  );
  const state = METHODOLOGY_STATES[terms.status] ?? null;
  const changes = async () =>
    client.ask(async (rpc) =>
      rpc.getContractEvents({
        ...contract,
        eventName: "MethodologySet",
        args: { methodologyId },
        fromBlock,
        toBlock: "latest",
      }),
    );
  return { state, terms, changes };
}
