import { decodeFunctionData, encodeFunctionData, keccak256, stringToHex } from "viem";
import type { ContractAddresses } from "../../../base/types/deployment.ts";
import type { Address, Hex, RegionCode } from "../../../base/types/ids.ts";
import type { ChainEffect, Intent } from "../../../stages/outbox/ports.ts";
import { batchRegistryAbi, participantRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/** Terms that no constructor takes and that a network may set before it hands its roles over. */
export interface FurtherTerms {
  /** Regions with a quorum of their own; `verifierSet` 0: any verifier. */
  readonly regions: readonly {
    readonly region: RegionCode;
    readonly verifierThreshold: number;
    readonly verifierSet: number;
  }[];
  /** Seconds after the objection period in which a recovery may be completed; null: as it comes. */
  readonly completionSeconds: number | null;
  /** Days for which credits can be claimed at least; null: as it comes. */
  readonly leastClaimDays: number | null;
}

/** The calls that set these terms. `from` must be who the access manager lets set them. */
export function changeSettings(contracts: ContractAddresses, from: Address, terms: FurtherTerms): Intent[] {
  const intent = (to: Address, data: Hex): Intent => ({
    key: `setting:${to}:${keccak256(data).slice(2, 18)}`,
    kind: "setting",
    from,
    to,
    data,
  });
  const intents = terms.regions.map(({ region, verifierThreshold, verifierSet }) =>
    intent(
      contracts.BatchRegistry,
      encodeFunctionData({
        abi: batchRegistryAbi,
        functionName: "setQuorum",
        args: [stringToHex(region, { size: 8 }), verifierThreshold, verifierSet],
      }),
    ),
  );
  if (terms.leastClaimDays !== null)
    intents.push(
      intent(
        contracts.BatchRegistry,
        encodeFunctionData({
          abi: batchRegistryAbi,
          functionName: "setLeastClaimPeriod",
          args: [terms.leastClaimDays],
        }),
      ),
    );
  if (terms.completionSeconds !== null)
    intents.push(
      intent(
        contracts.ParticipantRegistry,
        encodeFunctionData({
          abi: participantRegistryAbi,
          functionName: "setCompletionPeriod",
          args: [terms.completionSeconds],
        }),
      ),
    );
  return intents;
}

/** The setting as the call has it, and as the contract has it. */
export async function readSettingEffect(
  client: ChainClient,
  { to, data }: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: [...batchRegistryAbi, ...participantRegistryAbi], data });
  const batches = { address: to, abi: batchRegistryAbi } as const;
  if (call.functionName === "setQuorum") {
    const [region, threshold, verifierSet] = call.args;
    const [shownThreshold, shownSet] = await client.ask(async (rpc) =>
      rpc.readContract({ ...batches, functionName: "quorumOf", args: [region] }),
    );
    return {
      planned: { threshold, verifierSet },
      shown: { threshold: shownThreshold, verifierSet: shownSet },
    };
  }
  if (call.functionName === "setLeastClaimPeriod") {
    const days = await client.ask(async (rpc) =>
      rpc.readContract({ ...batches, functionName: "leastClaimPeriod" }),
    );
    return { planned: { days: call.args[0] }, shown: { days } };
  }
  if (call.functionName !== "setCompletionPeriod") return NO_EFFECT;
  const [, , seconds] = await client.ask(async (rpc) =>
    rpc.readContract({ address: to, abi: participantRegistryAbi, functionName: "recoveryTerms" }),
  );
  return { planned: { seconds: call.args[0] }, shown: { seconds } };
}
