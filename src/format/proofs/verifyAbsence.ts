import { compareBytes, equalBytes } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import { verifyInclusion, type InclusionProof } from "./inclusionProof.ts";
import { decodeLeaf, LAST_ACTIVITY_KEY } from "../batch/leaf.ts";
import type { SumCommitment } from "../batch/sumTree.ts";

/**
 * Checks that an activity key is in no leaf of a batch: the leaf before it links past it, or leaf 0 begins
 * above it. `LAST_ACTIVITY_KEY` itself ends the chain of links and can't be a key.
 * @throws CheckFailedError `absence.key`, `absence.broken-link` where the leaf links to nothing above itself
 * or ends the chain at a wrong place, `absence.present`, `absence.not-between`, or as `verifyInclusion`
 */
export function verifyAbsence(commitment: SumCommitment, absentKey: Uint8Array, proof: InclusionProof): void {
  if (absentKey.length !== 32 || equalBytes(absentKey, LAST_ACTIVITY_KEY)) {
    throw new CheckFailedError(
      "absence.key",
      "The key has not 32 bytes, or is the one that ends the chain of links.",
    );
  }
  verifyInclusion(commitment, proof);
  const { activityKey, nextActivityKey } = decodeLeaf(proof.leaf);
  const isLast = proof.index === commitment.count - 1;
  if (
    compareBytes(activityKey, nextActivityKey) >= 0 ||
    isLast !== equalBytes(nextActivityKey, LAST_ACTIVITY_KEY)
  ) {
    throw new CheckFailedError(
      "absence.broken-link",
      `Leaf ${String(proof.index)} does not link to a leaf above it: the batch is broken there.`,
    );
  }
  if (equalBytes(absentKey, activityKey) || equalBytes(absentKey, nextActivityKey))
    throw new CheckFailedError("absence.present", "The key is in the batch.");
  const belowAll = proof.index === 0 && compareBytes(absentKey, activityKey) < 0;
  const between = compareBytes(activityKey, absentKey) < 0 && compareBytes(absentKey, nextActivityKey) < 0;
  if (!belowAll && !between) {
    throw new CheckFailedError(
      "absence.not-between",
      `The key does not lie between leaf ${String(proof.index)} and the leaf after it.`,
    );
  }
}
