import type { Signer } from "../../stages/outbox/ports.ts";
import type { Registrar } from "../context.ts";
import type { Config } from "../process/config.ts";
import { openSigner } from "./openSigner.ts";

/**
 * Who publishes rules: the key of the settings; on the embedded chain, where none is set, its admin. Null
 * where neither is there.
 * @throws as `openSigner`
 */
export async function registrarOf(
  { registrar, chain }: Pick<Config, "registrar" | "chain">,
  admin: Signer | null,
): Promise<Registrar | null> {
  if (registrar !== null) return { signer: await openSigner(registrar.signer), regions: registrar.regions };
  return chain.rpcUrl === null && admin !== null ? { signer: admin, regions: null } : null;
}
