import { CONTRACT_KINDS } from "../../adapters/chain/constructorArguments.ts";
import type { ContractAddresses } from "../../base/types/deployment.ts";
import type { AskedParticipant } from "../../stages/network/participantTerms.ts";

/** The contracts of a deployment that act as participants themselves, in the network's country. */
export function contractParticipants(contracts: ContractAddresses, country: string): AskedParticipant[] {
  return Object.entries(CONTRACT_KINDS).map(([name, kind]) => ({
    account: contracts[name as keyof typeof CONTRACT_KINDS],
    kinds: [kind],
    country,
    expiry: null,
    firmId: null,
  }));
}
