import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Strike } from "../batch/strikes.ts";
import type { SumCommitment } from "../batch/sumTree.ts";
import { checkPlaces, type KnownLeaf } from "./checkPlaces.ts";
import { verifyInclusion, type InclusionProof } from "./inclusionProof.ts";

/**
 * Consecutive leaves, shown by the two at their ends; `last` is left out where it is the first. What stands
 * between is not shown: that it holds the milligrams which the tree gives it is the tree's word
 * (docs/design/span-proofs.md).
 */
export interface SpanProof {
  readonly first: InclusionProof;
  readonly last?: InclusionProof;
}

/** A leaf that leads to the root, with its milligrams. */
export interface OpenedLeaf extends KnownLeaf {
  /** 179 bytes. */
  readonly leaf: Uint8Array;
}

/** A span whose ends lead to the root; both are the same leaf where it is one. */
export interface OpenedSpan {
  readonly first: OpenedLeaf;
  readonly last: OpenedLeaf;
}

/**
 * Opens the ends of spans, which ascend and share no more than a leaf with the next one, and holds them
 * against the struck leaves' places. All that can be said without a chain.
 * @throws CheckFailedError `span.order`, `span.places`, or as `verifyInclusion`
 */
export function openSpans(
  commitment: SumCommitment,
  strikes: readonly Strike[],
  spans: readonly SpanProof[],
): OpenedSpan[] {
  const opened = spans.map((span) => openSpan(commitment, span));
  for (const [i, { first }] of opened.entries()) {
    const before = opened[i - 1]?.last.index ?? -1;
    if (first.index < before)
      throw new CheckFailedError(
        "span.order",
        `The span from leaf ${String(first.index)} comes after one that ends with leaf ${String(before)}.`,
      );
  }
  checkPlaces(commitment, [...strikes, ...opened.flatMap(({ first, last }) => [first, last])]);
  return opened;
}

function openSpan(commitment: SumCommitment, { first, last }: SpanProof): OpenedSpan {
  const begin = openLeaf(commitment, first);
  if (last === undefined) return { first: begin, last: begin };
  if (last.index <= first.index)
    throw new CheckFailedError(
      "span.order",
      `A span from leaf ${String(first.index)} can't end with leaf ${String(last.index)}; one of a single ` +
        "leaf names it once.",
    );
  return { first: begin, last: openLeaf(commitment, last) };
}

function openLeaf(commitment: SumCommitment, proof: InclusionProof): OpenedLeaf {
  return { index: proof.index, leaf: proof.leaf, ...verifyInclusion(commitment, proof) };
}
