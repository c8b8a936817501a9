import { findRetirement } from "../../adapters/storage/retirements/findRetirement.ts";
import { retirementId } from "../../base/lib/ids.ts";
import { WORD32_ANY_CASE } from "../../base/lib/textPatterns.ts";
import type { Context } from "../context.ts";
import type { ProveOptions } from "./batchArchive.ts";
import { proveOthersRetirement } from "./proveOthersRetirement.ts";
import { proveRetirement } from "./proveRetirement.ts";

/**
 * The proof file of any retirement: of this folder's own by its id or the first digits of it, of anybody's by
 * the whole id.
 * @throws as `proveRetirement`, `proveOthersRetirement`
 */
export async function proveAnyRetirement(
  context: Context,
  idOrPrefix: string,
  options: ProveOptions,
): Promise<Uint8Array> {
  if (WORD32_ANY_CASE.test(idOrPrefix)) {
    const id = retirementId(idOrPrefix.toLowerCase());
    if ((await findRetirement(context.db, context.tenant, id)) === null)
      return proveOthersRetirement(context, context, id, options);
  }
  return proveRetirement(context, idOrPrefix, options);
}
