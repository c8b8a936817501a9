import type { ChainClient } from "../../adapters/chain/client.ts";
import { UsageError } from "../../base/errors/errors.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Context } from "../context.ts";
import { readDeployment } from "./readDeployment.ts";

/** The chain to look at: no operator, no lock, nothing is sent. */
export interface ChainView {
  readonly client: ChainClient;
  readonly deployment: Deployment;
}

/** @throws UnavailableError of the node; UsageError `chain.deployment` where nothing is deployed yet */
export async function readChain({ config, node }: Pick<Context, "config" | "node">): Promise<ChainView> {
  const deployment = await readDeployment(config.chain.deploymentFile);
  if (!deployment)
    throw new UsageError(
      "chain.deployment",
      `The deployment file ${config.chain.deploymentFile} is not there.`,
    );
  return { client: (await node()).client, deployment };
}
