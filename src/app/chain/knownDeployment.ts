import { UsageError } from "../../base/errors/errors.ts";
import type { Deployment } from "../../base/types/deployment.ts";

/**
 * A deployment that must be there, for the chain that the settings name.
 * @param deployment what the file at `path` holds; null where there is none
 * @throws UsageError `chain.deployment`
 */
export function knownDeployment(
  deployment: Deployment | null,
  { deploymentFile, chainId }: { readonly deploymentFile: string; readonly chainId: number },
): Deployment {
  if (!deployment)
    throw new UsageError("chain.deployment", `The deployment file ${deploymentFile} is not there.`);
  if (deployment.chainId !== chainId) {
    throw new UsageError(
      "chain.deployment",
      `The deployment file ${deploymentFile} is for chain ${String(deployment.chainId)}, the settings say ` +
        `${String(chainId)}.`,
    );
  }
  return deployment;
}
