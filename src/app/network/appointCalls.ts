import { appointParticipant } from "../../adapters/chain/intents/appointParticipant.ts";
import { readParticipants } from "../../adapters/chain/reads/readParticipants.ts";
import { type AskedParticipant, participantTerms } from "../../stages/network/participantTerms.ts";
import { NOBODY } from "../chain/callsForOthers.ts";
import type { ChainView } from "../chain/readChain.ts";
import type { WantedCall } from "./takeNetworkSteps.ts";

/**
 * The calls that make these accounts participants of these kinds.
 * @throws as `participantTerms`
 */
export async function appointCalls(
  { client, deployment }: ChainView,
  asked: readonly AskedParticipant[],
): Promise<WantedCall[]> {
  const known = await readParticipants(client, deployment);
  return asked.map((one) => {
    const terms = participantTerms(one, known);
    return {
      what: `${terms.account} is ${terms.kinds.join(" and ")}, ${terms.country}`,
      intent: appointParticipant(deployment.contracts.ParticipantRegistry, NOBODY, terms),
    };
  });
}
