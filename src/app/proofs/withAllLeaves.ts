import type { BatchId } from "../../base/types/ids.ts";
import type { Archive } from "../../format/archive/readArchive.ts";
import {
  decodeProofFile,
  encodeProofFile,
  proofFormatOf,
  type ProofPart,
} from "../../format/proofs/proofFile.ts";
import { liveRuns } from "../../format/proofs/liveRuns.ts";
import { listLeaves } from "./listLeaves.ts";

/**
 * A proof file with every leaf behind the retirement in place of the ends of spans, as of the same block. A
 * file without spans stays as it is.
 * @param archiveOf of a batch that the file shows
 * @throws as the archives
 */
export async function withAllLeaves(
  archiveOf: (batchId: BatchId) => Promise<Archive>,
  proof: Uint8Array,
): Promise<Uint8Array> {
  const file = decodeProofFile(proof);
  if (file.parts.every(({ spans }) => spans === undefined)) return proof;
  const parts: ProofPart[] = [];
  for (const { spans, ...part } of file.parts) {
    if (spans === undefined) parts.push(part);
    else {
      const ends = spans.map(({ first, last = first }) => ({ first: first.index, last: last.index }));
      const runs = liveRuns(ends, part.strikes);
      parts.push({ ...part, ranges: await listLeaves(await archiveOf(part.batchId), runs) });
    }
  }
  return encodeProofFile({ ...file, format: proofFormatOf(parts, file.retirement?.disclosed), parts });
}
