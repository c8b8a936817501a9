import type { Milligrams } from "../../base/types/quantities.ts";
import type { MassRange } from "../../format/batch/sumTree.ts";
import type { RangeProof } from "../../format/proofs/rangeProof.ts";
import type { Archive } from "../../format/archive/readArchive.ts";
import { gramsBehind, type Strike } from "../../format/batch/strikes.ts";

/** Leaves from `first` to `last`, both inclusive. */
interface Leaves {
  readonly first: number;
  readonly last: number;
}

/**
 * Range proofs of the leaves behind serial positions, in the order of the leaves, each leaf once. Without
 * strikes it is one; after strikes other leaves stand behind some positions, and none behind others.
 * @throws CheckFailedError as `gramsBehind`; as the archive
 */
export async function leavesBehind(
  archive: Archive,
  { strikes, covered }: { readonly strikes: readonly Strike[]; readonly covered: Milligrams },
  positions: MassRange,
): Promise<RangeProof[]> {
  const spans: Leaves[] = [];
  for (const { grams } of gramsBehind(archive.commitment.total, strikes, covered, positions)) {
    if (grams === null) continue;
    const [first, last] = [
      await archive.leafAtPosition(grams.start),
      await archive.leafAtPosition(grams.end - 1n),
    ];
    spans.push({ first: first.index, last: last.index });
  }
  const proofs: RangeProof[] = [];
  for (const { first, last } of joined(spans)) proofs.push(await archive.rangeProof(first, last));
  return proofs;
}

/** Spans that share or adjoin leaves as one, ascending. */
function joined(spans: readonly Leaves[]): Leaves[] {
  const result: Leaves[] = [];
  for (const span of spans.toSorted((a, b) => a.first - b.first)) {
    const before = result.at(-1);
    if (before && span.first <= before.last + 1)
      result[result.length - 1] = { first: before.first, last: Math.max(before.last, span.last) };
    else result.push(span);
  }
  return result;
}
