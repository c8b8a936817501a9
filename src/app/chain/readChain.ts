import { checkContracts } from "../../adapters/chain/checkContracts.ts";
import type { ChainClient } from "../../adapters/chain/client.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Context } from "../context.ts";
import { knownDeployment } from "./knownDeployment.ts";
import { readDeployment } from "./readDeployment.ts";

/** The chain to look at: no operator, no lock, nothing is sent. */
export interface ChainView {
  readonly client: ChainClient;
  readonly deployment: Deployment;
}

/** @throws UnavailableError of the node; UsageError `chain.deployment` where nothing is deployed yet, or the
 * deployment is another chain's; or as `checkContracts` */
export async function readChain({ config, node }: Pick<Context, "config" | "node">): Promise<ChainView> {
  const deployment = knownDeployment(await readDeployment(config.chain.deploymentFile), config.chain);
  const { client, embedded } = await node();
  if (!embedded) await checkContracts(client, deployment);
  return { client, deployment };
}
