import type { Archive } from "../../format/archive/readArchive.ts";
import type { LeafRun } from "../../format/proofs/liveRuns.ts";
import type { RangeProof } from "../../format/proofs/rangeProof.ts";

/** Range proofs of runs of leaves: every leaf is shown. @throws as the archive */
export async function listLeaves(archive: Archive, runs: readonly LeafRun[]): Promise<RangeProof[]> {
  const proofs: RangeProof[] = [];
  for (const { first, last } of runs) proofs.push(await archive.rangeProof(first, last));
  return proofs;
}
