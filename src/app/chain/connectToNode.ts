import { checkContracts } from "../../adapters/chain/checkContracts.ts";
import { connectChain, type ChainClient } from "../../adapters/chain/readOnly.ts";
import type { Deployment } from "../../base/types/deployment.ts";

/** Somebody waits at a terminal: a node that is down is said to be down soon. */
const RETRY_MILLISECONDS = 3_000;

/**
 * A node to read from, checked to be on the deployment's chain and to have its contracts.
 * @param finalityDepth blocks that must follow a block before it counts as final
 * @throws UnavailableError `chain.unavailable`; UsageError `chain.other-chain`, `chain.url`, or as
 * `checkContracts`
 */
export async function connectToNode(
  rpcUrl: string,
  deployment: Deployment,
  finalityDepth: number,
): Promise<ChainClient> {
  const { chainId } = deployment;
  const client = await connectChain({
    rpcUrl,
    chainId,
    finalityDepth,
    retryMilliseconds: RETRY_MILLISECONDS,
  });
  await checkContracts(client, deployment);
  return client;
}
