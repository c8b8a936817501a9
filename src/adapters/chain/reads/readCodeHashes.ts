import { keccak256 } from "viem";
import { CONTRACT_NAMES, type ContractAddresses, type ContractName } from "../../../base/types/deployment.ts";
import type { Hex } from "../../../base/types/ids.ts";
import type { ReadClient } from "../readOnly.ts";

/** keccak-256 of each contract's code as it stands on chain. */
export async function readCodeHashes(
  client: ReadClient,
  contracts: ContractAddresses,
): Promise<Record<ContractName, Hex>> {
  const hashes = CONTRACT_NAMES.map(async (name) => {
    const code = (await client.request("eth_getCode", [contracts[name], "latest"])) as Hex;
    return [name, keccak256(code)] as const;
  });
  return Object.fromEntries(await Promise.all(hashes)) as Record<ContractName, Hex>;
}
