import type { Hex } from "../../../base/types/ids.ts";
import type { ChainClient } from "../client.ts";
import { NodeRefusal } from "../client.ts";

export interface Fees {
  readonly maxFeePerGas: bigint;
  readonly maxPriorityFeePerGas: bigint;
}

/**
 * Wei per gas. Room for six full blocks in a row (the base fee grows by an eighth each); where there is no
 * base fee, what the node asks for: nothing on a network with free gas, so that accounts without funds can
 * act there.
 */
export async function currentFees(client: ChainClient): Promise<Fees> {
  const block = (await client.request("eth_getBlockByNumber", ["latest", false])) as { baseFeePerGas?: Hex };
  const base = BigInt(block.baseFeePerGas ?? 0);
  if (base === 0n) {
    const price = BigInt((await client.request("eth_gasPrice", [])) as Hex);
    return { maxFeePerGas: price, maxPriorityFeePerGas: price };
  }
  const tip = await client.request("eth_maxPriorityFeePerGas", []).catch((error: unknown) => {
    if (error instanceof NodeRefusal) return 0;
    throw error;
  });
  const maxPriorityFeePerGas = BigInt(tip as Hex | number);
  return { maxFeePerGas: 2n * base + maxPriorityFeePerGas, maxPriorityFeePerGas };
}
