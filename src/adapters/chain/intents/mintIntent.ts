import { decodeFunctionData, encodeFunctionData } from "viem";
import type { Address, BatchId } from "../../../base/types/ids.ts";
import type { Intent, ChainEffect } from "../../../stages/outbox/ports.ts";
import { batchRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";
import { NO_EFFECT, SOME_EFFECT } from "../chainEffects.ts";

const MINTED = 2;

/** Mints a committed batch to its operator. */
export function mintIntent(registry: Address, operator: Address, batchId: BatchId): Intent {
  const data = encodeFunctionData({ abi: batchRegistryAbi, functionName: "mint", args: [BigInt(batchId)] });
  return { key: `mint:${batchId}`, kind: "mint", from: operator, to: registry, data };
}

/** Something once the batch is minted, whatever became of its credits since. */
export async function readMintEffect(
  client: ChainClient,
  intent: Intent & { to: Address },
): Promise<ChainEffect> {
  const call = decodeFunctionData({ abi: batchRegistryAbi, data: intent.data });
  if (call.functionName !== "mint") return NO_EFFECT;
  const [batchId] = call.args;
  const batch = await client.ask(async (rpc) =>
    rpc.readContract({ address: intent.to, abi: batchRegistryAbi, functionName: "batchOf", args: [batchId] }),
  );
  return batch.status >= MINTED ? SOME_EFFECT : NO_EFFECT;
}
