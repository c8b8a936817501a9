import { decodeFunctionData, encodeFunctionData, stringToHex } from "viem";
import type { Address, Hex, MethodologyId } from "../../../base/types/ids.ts";
import {
  adjustmentNumber,
  categoryNumber,
  type BatchStatement,
} from "../../../format/onchain/batchStatement.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { batchRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT } from "../chainEffects.ts";

/**
 * Commits a batch as its statement says.
 * @param methodologyIds those of the manifest, ascending
 * @param signatures of the attesters, ascending by attester's address
 */
export function commitBatch(
  registry: Address,
  statement: BatchStatement,
  methodologyIds: readonly MethodologyId[],
  signatures: readonly Hex[],
): Intent {
  const onChain = {
    ...statement,
    batchId: BigInt(statement.batchId),
    region: stringToHex(statement.region, { size: 8 }),
    previousBatchId: BigInt(statement.previousBatchId ?? 0),
    category: categoryNumber(statement.category),
    hostCountry: stringToHex(statement.hostCountry, { size: 2 }),
    adjustment: adjustmentNumber(statement.adjustment),
    useByDay: statement.useByDay ?? 0,
    deadline: BigInt(statement.deadline),
  };
  const data = encodeFunctionData({
    abi: batchRegistryAbi,
    functionName: "commit",
    args: [onChain, methodologyIds, signatures],
  });
  return { key: `commit:${statement.batchId}`, kind: "commit", from: statement.operator, to: registry, data };
}

/** The batch, and the one to which its root leads; 0 where the registry does not know the root. */
export async function readCommitEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: batchRegistryAbi, data: intent.data });
  if (call.functionName !== "commit") return NO_EFFECT;
  const [{ batchId, root }] = call.args;
  const found = await client.ask(async (rpc) =>
    rpc.readContract({
      address: intent.to,
      abi: batchRegistryAbi,
      functionName: "batchOfRoot",
      args: [root],
    }),
  );
  return { planned: { batchId }, shown: { batchId: found } };
}
