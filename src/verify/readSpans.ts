import type { BatchId } from "../base/types/ids.ts";
import { Archive, type ArchiveSource } from "../format/archive/readArchive.ts";
import type { ProofPart } from "../format/proofs/proofFile.ts";
import type { SpanProof } from "../format/proofs/openSpans.ts";

/** Where the archive of a batch stands; null: it is not at hand. Nothing that it gives is trusted. */
export type ArchiveOf = (batchId: BatchId) => ArchiveSource | null;

/** A span with all leaves from its first to its last. */
export interface ReadSpan {
  readonly span: SpanProof;
  /** Some at a time, 179 bytes each. They prove nothing before they are checked. */
  readonly leaves: AsyncIterable<Uint8Array>;
}

/**
 * The spans of a part, those that adjoin as one, with the leaves between their ends as the bundles of an
 * archive have them; struck leaves are among them. They are read as they are asked for.
 * @param part whose spans are checked
 * @throws InputError `archive.missing`, CheckFailedError `archive.length` while leaves are read
 */
export function readSpans({ spans = [], manifest }: ProofPart, source: ArchiveSource): ReadSpan[] {
  const archive = new Archive(source, manifest);
  return joined(spans).map((span) => ({
    span,
    leaves: archive.leavesBetween(span.first.index, lastOf(span).index),
  }));
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
