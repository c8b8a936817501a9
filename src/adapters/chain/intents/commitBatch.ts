import { decodeFunctionData, encodeFunctionData, stringToHex } from "viem";
import type { Address, Hex } from "../../../base/types/ids.ts";
import type { BatchStatement } from "../../../format/batchStatement.ts";
import type { Intent } from "../../../stages/mint/ports.ts";
import { batchRegistryAbi } from "../abis.generated.ts";
import type { ChainClient } from "../client.ts";

/** Commits a batch as its statement says. `signatures` of the attesters, ascending by attester's address. */
export function commitBatch(registry: Address, statement: BatchStatement, signatures: readonly Hex[]): Intent {
  const onChain = {
    ...statement,
    batchId: BigInt(statement.batchId),
    region: stringToHex(statement.region, { size: 8 }),
    previousBatchId: BigInt(statement.previousBatchId ?? 0),
    deadline: BigInt(statement.deadline),
  };
  const data = encodeFunctionData({ abi: batchRegistryAbi, functionName: "commit", args: [onChain, signatures] });
  return { key: `commit:${statement.batchId}`, kind: "commit", from: statement.operator, to: registry, data };
}

/** True once the registry has the batch with this root. */
export async function batchCommitted(client: ChainClient, intent: Intent & { to: Address }): Promise<boolean> {
  const call = decodeFunctionData({ abi: batchRegistryAbi, data: intent.data });
  if (call.functionName !== "commit") return false;
  const [{ batchId, root }] = call.args;
  const batch = await client.ask(async (rpc) =>
    rpc.readContract({ address: intent.to, abi: batchRegistryAbi, functionName: "batchOf", args: [batchId] }),
  );
  return batch.status !== 0 && batch.root.toLowerCase() === root.toLowerCase();
}
