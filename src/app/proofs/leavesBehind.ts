import type { Milligrams } from "../../base/types/quantities.ts";
import type { Archive } from "../../format/archive/readArchive.ts";
import { gramsBehind, type Strike } from "../../format/batch/strikes.ts";
import { stretchesOf } from "../../format/batch/stretchesOf.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import { liveRuns, type LeafRun } from "../../format/proofs/liveRuns.ts";

/** The leaves behind serial positions. Both lists ascend. */
export interface LeavesBehind {
  /** From end to end of each stretch of grams, struck leaves among them; two may share a leaf. */
  readonly ends: readonly LeafRun[];
  /** Each leaf once, none of them struck. */
  readonly runs: readonly LeafRun[];
}

/**
 * Where the leaves behind serial positions stand. Without strikes it is one run; after strikes other leaves
 * stand behind some positions, and none behind others. Reads the tiles and bundles on the way to the ends.
 * @throws CheckFailedError as `gramsBehind`; as the archive
 */
export async function leavesBehind(
  archive: Archive,
  { strikes, covered }: { readonly strikes: readonly Strike[]; readonly covered: Milligrams },
  positions: MassRange,
): Promise<LeavesBehind> {
  const pieces = gramsBehind(archive.commitment.total, strikes, covered, positions);
  const ends: LeafRun[] = [];
  for (const { start, end } of stretchesOf(pieces, strikes)) {
    const [first, last] = [await archive.leafAtPosition(start), await archive.leafAtPosition(end - 1n)];
    ends.push({ first: first.index, last: last.index });
  }
  return { ends, runs: liveRuns(ends, strikes) };
}
