import type { Deployment } from "../../base/types/deployment.ts";
import type { Address, Hex } from "../../base/types/ids.ts";

/** Nobody: stands for a sender that this process has no key of. */
export const NOBODY: Address = `0x${"00".repeat(20)}`;

/**
 * Transactions that somebody else has to send, in their order: a registrar, an appointer, a governor. The
 * format bears the name of those who were the first to get such a file, and keeps it for whoever reads it.
 */
export interface CallsForOthers {
  readonly format: "microtonne-registrar-calls/1";
  readonly chainId: number;
  readonly calls: readonly { readonly to: Hex; readonly data: Hex }[];
}

/** Calls that no key of this process may make, for whoever may; none of them creates a contract. */
export function callsForOthers(
  { chainId }: Deployment,
  calls: readonly { readonly to: Address | null; readonly data: Hex }[],
): CallsForOthers {
  return {
    format: "microtonne-registrar-calls/1",
    chainId,
    calls: calls.map(({ to, data }) => ({ to: to as Hex, data })),
  };
}
