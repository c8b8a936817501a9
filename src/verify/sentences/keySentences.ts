import { isLocalChain } from "../../base/lib/localChain.ts";
import type { BatchId } from "../../base/types/ids.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { hasDevelopmentKeys } from "../../format/developmentKeys.ts";

/** Warns of a batch whose keys everybody can make; on a local network all batches are like that. */
export function keySentences(
  batchId: BatchId,
  { keyScheme, chainId }: Pick<Manifest, "keyScheme" | "chainId">,
): string[] {
  if (isLocalChain(Number(chainId)) || !hasDevelopmentKeys(keyScheme)) return [];
  return [
    `WARNING: the activity keys and commitments of batch ${batchId} were made with the development key ` +
      "scheme, whose keys everybody knows: whoever guesses who acted and when can find the act, and " +
      "anybody can make such keys. It is for trying a network out.",
  ];
}
