import type { ChainClient } from "../../adapters/chain/client.ts";
import type { Signer } from "../../stages/outbox/ports.ts";

/**
 * The embedded chain's own currency is worth nothing, and each operator needs some. It is given between two
 * blocks, and until the next one the node proves another state than the last block's; so that one is made at
 * once.
 */
export async function ensureCurrency(client: ChainClient, { address }: Signer): Promise<void> {
  if (BigInt((await client.request("eth_getBalance", [address, "latest"])) as string) > 0n) return;
  await client.request("anvil_setBalance", [address, "0xffffffffffffffffffff"]);
  await client.request("evm_mine", []);
}
