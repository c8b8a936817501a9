import { localSigner } from "../../adapters/chain/signers.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import type { Registrar } from "../context.ts";
import type { Config } from "../process/config.ts";

/**
 * Who publishes rules: the key of the settings; on the embedded chain, where none is set, its admin. Null
 * where neither is there.
 * @throws InputError `signer.malformed-key`
 */
export function registrarOf(
  { registrar, chain }: Pick<Config, "registrar" | "chain">,
  admin: Signer | null,
): Registrar | null {
  if (registrar !== null) return { signer: localSigner(registrar.key), regions: registrar.regions };
  return chain.rpcUrl === null && admin !== null ? { signer: admin, regions: null } : null;
}
