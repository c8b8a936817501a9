import type { BatchId } from "../base/types/ids.ts";
import { Archive, type ArchiveSource } from "../format/archive/readArchive.ts";
import type { ProofPart } from "../format/proofs/proofFile.ts";
import { rangeOfSpan } from "../format/proofs/rangeOfSpan.ts";
import type { RangeProof } from "../format/proofs/rangeProof.ts";
import type { SpanProof } from "../format/proofs/openSpans.ts";

/** Where the archive of a batch stands; null: it is not at hand. Nothing that it gives is trusted. */
export type ArchiveOf = (batchId: BatchId) => ArchiveSource | null;

/**
 * A part with the leaves between the ends of its spans, as the bundles of an archive have them; struck leaves
 * are among them. They prove nothing before they are checked.
 * @param part whose spans are checked
 * @throws InputError `archive.missing`, CheckFailedError `archive.length`
 */
export async function readSpans(part: ProofPart, source: ArchiveSource): Promise<ProofPart> {
  const { spans = [], ...rest } = part;
  const archive = new Archive(source, part.manifest);
  const ranges: RangeProof[] = [];
  for (const span of joined(spans)) {
    const leaves = await archive.leavesAt(span.first.index, lastOf(span).index);
    ranges.push(rangeOfSpan(part.manifest.leafCount, span, leaves));
  }
  return { ...rest, ranges };
}

/** Spans that share or adjoin leaves as one. */
function joined(spans: readonly SpanProof[]): SpanProof[] {
  const result: SpanProof[] = [];
  for (const span of spans) {
    const before = result.at(-1);
    if (before && span.first.index <= lastOf(before).index + 1)
      result[result.length - 1] = { first: before.first, last: lastOf(span) };
    else result.push(span);
  }
  return result;
}

function lastOf({ first, last = first }: SpanProof) {
  return last;
}
