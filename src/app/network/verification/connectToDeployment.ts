import { connectChain, type ReadClient } from "../../../adapters/chain/readOnly.ts";
import type { Deployment } from "../../../base/types/deployment.ts";

/** How long a node that does not answer is asked again. */
const PATIENCE_MILLISECONDS = 3_000;

/** A node to read a deployment by. @throws as `connectChain` */
export async function connectToDeployment(
  rpcUrl: string,
  { chainId }: Pick<Deployment, "chainId">,
): Promise<ReadClient> {
  return connectChain({ rpcUrl, chainId, retryMilliseconds: PATIENCE_MILLISECONDS });
}
