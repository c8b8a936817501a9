import { resolve } from "node:path";
import { UsageError } from "../../base/errors/errors.ts";
import type { Address, Hex } from "../../base/types/ids.ts";

/**
 * Who signs in a process. `authority`: whoever holds roles of the network's access manager and is none of
 * the others, such as its governor or its appointer. `holder`: whoever got credits and retires them, such as
 * a corporate.
 */
export const SIGNER_ROLES = ["operator", "verifier", "registrar", "authority", "holder"] as const;
export type SignerRole = (typeof SIGNER_ROLES)[number];

/** Where a role's key is. */
export type SignerSetting =
  | { readonly kind: "key"; readonly privateKey: Hex }
  | { readonly kind: "file"; readonly path: string; readonly passwordFile: string | null }
  | { readonly kind: "remote"; readonly url: string; readonly address: Address };

/**
 * A signer as one setting says it: `https://signer.example#0x…` is a signing service and the address of the
 * key that it keeps, anything else the path of an encrypted key file.
 * @param name of the setting, for sentences
 * @throws UsageError `config.signer`; never repeats the setting
 */
export function signerSetting(text: string, passwordFile: string | null, name: string): SignerSetting {
  if (!/^[a-z]+:\/\//i.test(text))
    return {
      kind: "file",
      path: resolve(text),
      passwordFile: passwordFile === null ? null : resolve(passwordFile),
    };
  const [, url, address] = /^(https?:\/\/[^#]*)#(0x[0-9a-f]{40})$/i.exec(text) ?? [];
  if (url === undefined || address === undefined)
    throw new UsageError(
      "config.signer",
      `${name} must be the path of a key file, or a signing service with the address of its key behind a ` +
        "number sign: https://signer.example:9000#0x…",
    );
  return { kind: "remote", url, address: address.toLowerCase() as Address };
}
