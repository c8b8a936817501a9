import { getContractAddress } from "viem";
import type { Address } from "../../base/types/ids.ts";

/**
 * The address of what a contract's constructor creates.
 * @param at 0 for the first; a contract's own nonce begins at 1 (EIP-161)
 */
export function createdBy(creator: Address, at: number): Address {
  return getContractAddress({ from: creator, nonce: BigInt(at + 1) }).toLowerCase() as Address;
}
