import { join } from "node:path";
import { devSigners, localSigner } from "../../adapters/chain/signers.ts";
import { UsageError } from "../../base/errors/errors.ts";
import { toHex } from "../../base/lib/bytes.ts";
import type { Signer } from "../../stages/outbox/ports.ts";
import type { Context } from "../context.ts";
import { ensureSecret } from "../process/ensureSecret.ts";
import { openSigner } from "./openSigner.ts";

/**
 * Who commits, mints and retires for a tenant. For the tenant of the settings it is the key of the settings,
 * or on a local network the well-known development account; for any other tenant a key of its own in the data
 * folder, made at first use, whose address a registrar must make an operator on any network but the embedded
 * one.
 * @throws UsageError `chain.operator-key`, or as `openSigner`
 */
export async function operatorOf({
  config,
  tenant,
  local,
  randomness,
}: Pick<Context, "config" | "tenant" | "local" | "randomness">): Promise<Signer> {
  if (tenant === config.tenant) {
    if (config.signers.operator !== null) return openSigner(config.signers.operator);
    const [, development] = local ? devSigners(config.chain.chainId) : [];
    if (development) return development;
    throw new UsageError(
      "chain.operator-key",
      "Set MICROTONNE_OPERATOR_SIGNER or MICROTONNE_OPERATOR_PRIVATE_KEY: this network has no development " +
        "keys.",
    );
  }
  return localSigner(
    toHex(await ensureSecret(join(config.folder, "keys", "operators", `${tenant}.key`), randomness)),
  );
}
