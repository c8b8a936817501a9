import { keySchemeHash } from "../../format/onchain/batchStatement.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { attestRefusal } from "./attestRefusal.ts";

/**
 * @param ours that of our key service, for the manifest's years
 * @throws CheckFailedError `attest.key-scheme`
 */
export function checkKeyScheme(manifest: Manifest, ours: Manifest["keyScheme"]): void {
  if (keySchemeHash(ours) !== keySchemeHash(manifest.keyScheme))
    throw attestRefusal("key-scheme", "its key scheme is not that of our key service");
}
