import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address } from "../../../base/types/ids.ts";
import { PARTICIPANT_KINDS, type ParticipantKind } from "../../../base/types/participantKinds.ts";
import { participantRegistryAbi } from "../abis.generated.ts";
import type { ReadClient } from "../readOnly.ts";

/** Whether an account is active in the participant registry, as a participant of that kind. */
export async function hasKind(
  client: ReadClient,
  { ParticipantRegistry }: Pick<ContractAddresses, "ParticipantRegistry">,
  account: Address,
  kind: ParticipantKind,
): Promise<boolean> {
  return client.ask(async (rpc) =>
    rpc.readContract({
      address: ParticipantRegistry,
      abi: participantRegistryAbi,
      functionName: "hasKind",
      args: [account, PARTICIPANT_KINDS[kind]],
    }),
  );
}
