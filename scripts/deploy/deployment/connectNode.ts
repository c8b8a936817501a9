import { JsonRpcProvider } from "ethers";

/**
 * A node to deploy to or to read from. Answers are never taken from a cache: what was just sent must count.
 */
export function connectNode(rpcUrl: string, chainId: number): JsonRpcProvider {
  return new JsonRpcProvider(rpcUrl, chainId, { staticNetwork: true, cacheTimeout: -1 });
}
