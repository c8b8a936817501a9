import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, Hex } from "../../../base/types/ids.ts";
import { participantRegistryAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

/** Whose wallets these are, in the order asked; 0 for nobody's. */
export async function readFirms(
  client: ReadClient,
  { ParticipantRegistry }: Pick<ContractAddresses, "ParticipantRegistry">,
  accounts: readonly Address[],
): Promise<Hex[]> {
  return client.ask(async (rpc) =>
    Promise.all(
      accounts.map(async (account) =>
        rpc.readContract({
          address: ParticipantRegistry,
          abi: participantRegistryAbi,
          functionName: "firmOf",
          args: [account],
        }),
      ),
    ),
  );
}
