import type { Hex } from "../../base/types/ids.ts";
import type { Deployment } from "../../base/types/deployment.ts";
import type { Intent } from "../../stages/outbox/ports.ts";

/** A transaction that a registrar has to send, where this process has no registrar's key. */
export interface RegistrarTask {
  readonly format: "microtonne-registrar-call/1";
  readonly chainId: number;
  readonly to: Hex;
  readonly data: Hex;
}

/** An intent as a task for somebody else. */
export function registrarTask({ chainId }: Deployment, { to, data }: Intent): RegistrarTask {
  return { format: "microtonne-registrar-call/1", chainId, to: to as Hex, data };
}
