import type { Milligrams } from "../../base/types/quantities.ts";
import type { Archive } from "../../format/archive/readArchive.ts";
import type { Strike } from "../../format/batch/strikes.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import { checkSpans } from "../../format/proofs/checkSpans.ts";
import type { LeafRun } from "../../format/proofs/liveRuns.ts";
import { openSpans, type SpanProof } from "../../format/proofs/openSpans.ts";

/**
 * Span proofs of the leaves behind serial positions: only their ends are shown, and read. They are checked
 * before they are handed out, so that nothing is written that a verifier would refuse.
 * @param ends of `leavesBehind`
 * @throws CheckFailedError as `openSpans` and `checkSpans`; as the archive
 */
export async function spanLeaves(
  archive: Archive,
  { strikes, covered }: { readonly strikes: readonly Strike[]; readonly covered: Milligrams },
  positions: MassRange,
  ends: readonly LeafRun[],
): Promise<SpanProof[]> {
  const spans: SpanProof[] = [];
  for (const { first, last } of ends) spans.push(await archive.spanProof(first, last));
  const opened = openSpans(archive.commitment, strikes, spans);
  checkSpans({ total: archive.commitment.total, strikes, covered }, positions, opened);
  return spans;
}
