import { equalBytes } from "../../base/lib/bytes.ts";
import { CheckFailedError } from "../../base/errors/errors.ts";
import type { ActivityKey, BatchId, MethodologyId } from "../../base/types/ids.ts";
import type { Day, Milligrams } from "../../base/types/quantities.ts";
import { verifyInclusion, type InclusionProof } from "./inclusionProof.ts";
import { decodeLeaf } from "../batch/leaf.ts";
import { linkFault, type LinkFault } from "../batch/linkFault.ts";
import type { MassRange, SumCommitment } from "../batch/sumTree.ts";

/**
 * Evidence that opens a dispute: what it shows follows from inclusion proofs alone. Whether a strike follows
 * is decided elsewhere. Each function throws as `verifyInclusion` where a proof fails, and CheckFailedError
 * `dispute.…` where the proofs show no fault.
 */

/** A leaf of a batch with its proof. */
export interface ProvenLeaf {
  readonly batchId: BatchId;
  readonly commitment: SumCommitment;
  readonly proof: InclusionProof;
}

/**
 * Two leaves with one activity key, in two batches or at two places of one. @throws CheckFailedError
 * `dispute.same-leaf`, `dispute.other-key`
 */
export function showDoubleClaim(one: ProvenLeaf, other: ProvenLeaf): ActivityKey {
  for (const { commitment, proof } of [one, other]) verifyInclusion(commitment, proof);
  const key = decodeLeaf(one.proof.leaf).activityKey;
  if (!equalBytes(key, decodeLeaf(other.proof.leaf).activityKey)) {
    throw new CheckFailedError("dispute.other-key", "The two leaves have different activity keys.");
  }
  if (one.batchId === other.batchId && one.proof.index === other.proof.index) {
    throw new CheckFailedError("dispute.same-leaf", "Both proofs are about the same leaf.");
  }
  return key;
}

/**
 * A leaf that breaks the chain of links; `next` is the leaf after it, left out where it is the last one or
 * where the leaf itself is fault enough. @throws CheckFailedError `dispute.not-adjacent`,
 * `dispute.link-whole`
 */
export function showBrokenLink(
  commitment: SumCommitment,
  proof: InclusionProof,
  next: InclusionProof | null,
): LinkFault {
  verifyInclusion(commitment, proof);
  if (next !== null) verifyInclusion(commitment, next);
  const leaf = decodeLeaf(proof.leaf);
  const isLast = proof.index === commitment.count - 1;
  if (next !== null && next.index !== proof.index + 1) {
    throw new CheckFailedError(
      "dispute.not-adjacent",
      `Leaf ${String(next.index)} does not stand right after leaf ${String(proof.index)}.`,
    );
  }
  const fault = linkFault(leaf, next === null ? null : decodeLeaf(next.leaf));
  // Without its neighbour a leaf in the middle shows only the fault that it carries itself.
  if (fault === null || (fault === "last-does-not-end" && !isLast)) {
    throw new CheckFailedError(
      "dispute.link-whole",
      `Nothing shows that leaf ${String(proof.index)} breaks the chain of links.`,
    );
  }
  return fault;
}

/** First and last day, both inclusive, as stored at commit. */
export interface CommittedTerms {
  readonly vintage: { readonly startDay: Day; readonly endDay: Day };
  readonly validity: ReadonlyMap<MethodologyId, { readonly first: Day; readonly last: Day }>;
}

/** A leaf whose day or methodology the batch does not allow. @throws CheckFailedError `dispute.inside` */
export function showOutsideMethodology(
  commitment: SumCommitment,
  proof: InclusionProof,
  terms: CommittedTerms,
): { fault: "vintage" | "methodology" | "validity"; range: MassRange } {
  const range = verifyInclusion(commitment, proof);
  const { day, methodologyId } = decodeLeaf(proof.leaf);
  if (day < terms.vintage.startDay || day > terms.vintage.endDay) return { fault: "vintage", range };
  const validity = terms.validity.get(methodologyId);
  if (validity === undefined) return { fault: "methodology", range };
  if (day < validity.first || day > validity.last) return { fault: "validity", range };
  throw new CheckFailedError(
    "dispute.inside",
    `Leaf ${String(proof.index)} lies within vintage and validity.`,
  );
}

/**
 * The answer to a challenge to open gram `position`: the leaf that holds it. @throws CheckFailedError
 * `dispute.other-gram`
 */
export function openGram(commitment: SumCommitment, position: Milligrams, proof: InclusionProof): MassRange {
  const range = verifyInclusion(commitment, proof);
  if (position < range.start || position >= range.end) {
    const found = `${range.start.toString()} to ${(range.end - 1n).toString()}`;
    throw new CheckFailedError(
      "dispute.other-gram",
      `The leaf holds milligrams ${found}, not ${position.toString()}.`,
    );
  }
  return range;
}
