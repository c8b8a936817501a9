import { keccak256 } from "viem";
import { UsageError } from "../../base/errors/errors.ts";
import { CONTRACT_NAMES, type Deployment } from "../../base/types/deployment.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { ReadClient } from "./readOnly.ts";

/**
 * Holds a deployment file against the chain before anything is done by it: the block in which it was made,
 * and what stands at each of its addresses.
 * @throws UsageError `chain.other-history` where the chain has another block there, or none yet;
 * `chain.no-code`, `chain.other-code` naming the contract
 */
export async function checkContracts(
  client: ReadClient,
  { network, chainId, contracts, block, blockHash, codeHashes }: Deployment,
): Promise<void> {
  const which = `The deployment file of ${network} (chain ${String(chainId)})`;
  const advice =
    "Ask for the deployment file of the network that this node is on, or correct the node's address.";
  const found = (await client.request("eth_getBlockByNumber", [`0x${block.toString(16)}`, false])) as {
    hash: Hex;
  } | null;
  if (found?.hash !== blockHash)
    throw new UsageError(
      "chain.other-history",
      `${which} was made in block ${String(block)} with the hash ${blockHash}; this node ` +
        (found === null
          ? "has no such block yet. Wait until it has caught up, or correct its address."
          : `has another one there (${found.hash}): it is another chain of that id. ${advice}`),
    );
  await Promise.all(
    CONTRACT_NAMES.map(async (name) => {
      const code = (await client.request("eth_getCode", [contracts[name], "latest"])) as Hex;
      if (code === "0x")
        throw new UsageError(
          "chain.no-code",
          `${which} has ${name} at ${contracts[name]}, where this chain has no contract. ${advice}`,
        );
      const expected = codeHashes?.[name];
      if (expected !== undefined && keccak256(code) !== expected)
        throw new UsageError(
          "chain.other-code",
          `${which} has ${name} at ${contracts[name]}, where this chain has another contract: its code ` +
            `hashes to ${keccak256(code)}, not to ${expected}. ${advice}`,
        );
    }),
  );
}
