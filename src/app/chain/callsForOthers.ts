import type { Address, Hex } from "../../base/types/ids.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Intent } from "../../stages/outbox/ports.ts";

/** Nobody: stands for a registrar that this process has no key of. */
export const NOBODY: Address = `0x${"00".repeat(20)}`;

/** Transactions that a registrar has to send, in their order, where this process has no registrar's key. */
export interface RegistrarTask {
  readonly format: "microtonne-registrar-calls/1";
  readonly chainId: number;
  readonly calls: readonly { readonly to: Hex; readonly data: Hex }[];
}

/** Intents as a task for somebody else. */
export function registrarTask({ chainId }: Deployment, intents: readonly Intent[]): RegistrarTask {
  return {
    format: "microtonne-registrar-calls/1",
    chainId,
    calls: intents.map(({ to, data }) => ({ to: to as Hex, data })),
  };
}
