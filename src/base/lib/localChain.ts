/** The chain id of the embedded chain and of every local test network (Hardhat, anvil). */
export const LOCAL_CHAIN_ID = 31337;

/** True for chains on which test methodologies and development keys are allowed. */
export function isLocalChain(chainId: number): boolean {
  return chainId === LOCAL_CHAIN_ID;
}
