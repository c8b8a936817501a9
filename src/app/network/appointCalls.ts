import { appointParticipant } from "../../adapters/chain/intents/appointParticipant.ts";
import { readParticipants } from "../../adapters/chain/reads/readParticipants.ts";
import type { Address, Hex } from "../../base/types/ids.ts";
import type { ParticipantKind } from "../../base/types/participantKinds.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { NOBODY } from "../chain/callsForOthers.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { WantedCall } from "./takeNetworkSteps.ts";

/** No identifier is bound to the account. */
const NO_IDENTITY: Hex = `0x${"00".repeat(32)}`;

/** A participant as it is asked for. What is null stays as the chain has it; of a new one it is nothing. */
export interface AskedParticipant {
  readonly account: Address;
  /** All that it is to be from then on. */
  readonly kinds: readonly ParticipantKind[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  readonly expiry: UnixSeconds | null;
  /** Salted hash of the legal identifier. */
  readonly identityHash: Hex | null;
}

/** The calls that make these accounts participants of these kinds. */
export async function appointCalls(
  { client, deployment }: ChainView,
  asked: readonly AskedParticipant[],
): Promise<WantedCall[]> {
  const known = await readParticipants(client, deployment);
  return asked.map((one) => {
    const account = one.account.toLowerCase() as Address;
    const shown = known.find((participant) => participant.account === account);
    const terms = {
      ...one,
      account,
      expiry: one.expiry ?? shown?.expiry ?? null,
      identityHash: one.identityHash ?? shown?.identityHash ?? NO_IDENTITY,
    };
    return {
      what: `${account} is ${one.kinds.join(" and ")}, ${one.country}`,
      intent: appointParticipant(deployment.contracts.ParticipantRegistry, NOBODY, terms),
    };
  });
}

/**
 * The contracts that act as participants and that a deployment leaves to the appointer: the disputes hold
 * bonds, the factory admits the pools that it makes.
 */
export function contractParticipants(
  { contracts }: ChainView["deployment"],
  country: string,
): AskedParticipant[] {
  const contract = (account: Address, kind: ParticipantKind): AskedParticipant => ({
    account,
    kinds: [kind],
    country,
    expiry: null,
    identityHash: null,
  });
  return [
    contract(contracts.BatchDisputes, "custodian"),
    contract(contracts.CarbonPoolFactory, "pool-factory"),
  ];
}
