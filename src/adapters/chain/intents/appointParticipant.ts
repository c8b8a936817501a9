import { decodeFunctionData, encodeFunctionData, keccak256, stringToHex } from "viem";
import type { Address } from "../../../base/types/ids.ts";
import { PARTICIPANT_KINDS } from "../../../base/types/participantKinds.ts";
import type { ParticipantTerms } from "../../../stages/network/ports.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { participantRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/**
 * Verifiers of a deployment's general quorum belong to no set; sets are for regions with verifiers of their
 * own.
 */
const NO_VERIFIER_SET = 0;

/** Admits a participant of any kinds. `admin` must be who the access manager lets appoint. */
export function appointParticipant(registry: Address, admin: Address, terms: ParticipantTerms): Intent {
  const kinds = terms.kinds.reduce((bits, kind) => bits | PARTICIPANT_KINDS[kind], 0);
  const data = encodeFunctionData({
    abi: participantRegistryAbi,
    functionName: "appoint",
    args: [
      {
        account: terms.account,
        kinds,
        country: stringToHex(terms.country, { size: 2 }),
        expiry: terms.expiry ?? 0,
        firmId: terms.firmId,
      },
      terms.verifierSets ?? NO_VERIFIER_SET,
    ],
  });
  return {
    key: `appoint:${terms.account.toLowerCase()}:${keccak256(data).slice(2, 18)}`,
    kind: "appoint",
    from: admin,
    to: registry,
    data,
  };
}

/** The participant on the terms asked for, and on those that the registry has. */
export async function readParticipantEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: participantRegistryAbi, data: intent.data });
  if (call.functionName !== "appoint") return NO_EFFECT;
  const [{ account, kinds, country, expiry, firmId }, verifierSets] = call.args;
  const known = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: participantRegistryAbi,
      functionName: "participantOf",
      args: [account],
    }),
  );
  if (known.status === 0) return NO_EFFECT;
  return { planned: { kinds, country, expiry, firmId, verifierSets }, shown: { ...known } };
}
