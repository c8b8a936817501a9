import { closingProviderKeys } from "../../adapters/storage/batches/closingProviderKeys.ts";
import { providerKeys } from "../../adapters/storage/providers/providerKeys.ts";
import { StateError } from "../../base/errors/errors.ts";
import { compareBytes, equalBytes, toHex } from "../../base/lib/bytes.ts";
import type { ProviderKey } from "../../base/types/providerKey.ts";
import type { ManifestProvider } from "../../format/batch/manifest.ts";
import type { ProviderName } from "../../stages/pool/ports.ts";
import type { Context } from "../context.ts";

/**
 * The providers of a closing as its manifest names them. A provider has a signing key there only if every
 * record of it in the batch is signed; of several keys that signed, it is the one whose window begins last.
 * The window is as it was entered: entries never change, so a resumed close gives the same bytes.
 * @throws StateError `provider-key.lost`
 */
export async function manifestProviders(
  { db, tenant }: Pick<Context, "db" | "tenant">,
  closingId: Uint8Array,
  providers: readonly ProviderName[],
): Promise<ManifestProvider[]> {
  const used = await closingProviderKeys(db, tenant, closingId);
  const book = await providerKeys(db, tenant, null);
  return providers.map(({ id, name }): ManifestProvider => {
    const keys = used.filter(({ provider }) => provider === id).map(({ signingKey }) => signingKey);
    if (keys.length === 0 || keys.includes(null)) {
      return { id, name, algorithm: "none", signingKey: null, validFrom: null, validTo: null };
    }
    const entries = book.filter(
      (entry) => entry.provider === id && keys.some((key) => key && equalBytes(key, entry.publicKey)),
    );
    const newest = entries.toSorted(byBeginning).at(-1);
    if (!newest || entries.length !== keys.length) {
      throw new StateError(
        "provider-key.lost",
        `Records of ${id} are signed with a key that is no longer in the database. Restore it.`,
      );
    }
    const { publicKey, validFrom, validTo } = newest;
    return { id, name, algorithm: "ed25519", signingKey: toHex(publicKey), validFrom, validTo };
  });
}

function byBeginning(a: ProviderKey, b: ProviderKey): number {
  return a.validFrom - b.validFrom || compareBytes(a.publicKey, b.publicKey);
}
