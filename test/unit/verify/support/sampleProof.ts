import { honestSpans } from "../../../../scripts/generate/vectors/honestSpans.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import { proveInclusion } from "../../../../src/format/proofs/inclusionProof.ts";
import {
  proofFormatOf,
  type ActProof,
  type ProofFile,
  type ProofPart,
} from "../../../../src/format/proofs/proofFile.ts";
import { proveRange } from "../../../../src/format/proofs/rangeProof.ts";
import {
  beneficiaryHash,
  documentHash,
  retirementIdOf,
} from "../../../../src/format/onchain/retirementRecord.ts";
import type { Strike } from "../../../../src/format/batch/strikes.ts";
import { CHAIN_ID, sampleAddress, sampleWord, type SampleAct, type SampleBatch } from "./sampleBatch.ts";

export const HOLDER = sampleAddress("holder");
export const USE_SALT = sampleWord("use");
export const BENEFICIARY = { name: "A bank branch" };
export const USE = "Meeting of May";
/** Ascending. */
export const ATTESTERS = [sampleAddress("verifier 1"), sampleAddress("verifier 2")].toSorted();

/** Milligrams at which each leaf of a batch begins; the total at the end. */
export function starts({ tree }: Pick<SampleBatch, "tree">): bigint[] {
  const result = [0n];
  for (const { size } of tree.levels[0] ?? []) result.push((result.at(-1) as bigint) + size);
  return result;
}

export function sampleRetirement(
  lines: readonly { batch: SampleBatch; start: bigint; end: bigint }[],
  nonce = "nonce",
): Retirement {
  return {
    retirementId: retirementIdOf(HOLDER, toHex(sampleWord(nonce))),
    holder: HOLDER,
    beneficiaryHash: beneficiaryHash(USE_SALT, BENEFICIARY),
    documentHash: documentHash(USE_SALT, USE),
    purpose: "event-neutrality",
    reportingYear: 2025,
    country: "CN",
    retiredAt: 1_747_000_000 as never,
    lines: lines
      .map(({ batch, start, end }) => ({
        batchId: batch.batchId,
        start: start as Milligrams,
        end: end as Milligrams,
      }))
      .toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1)),
  };
}

/** Leaves `first` to `last` of a batch, both inclusive. */
export function rangePart(
  { batchId, manifest, leaves, tree }: SampleBatch,
  first: number,
  last: number,
  strikes: readonly Strike[] = [],
): ProofPart {
  const range = { first, leaves: leaves.slice(first, last + 1), steps: proveRange(tree, first, last) };
  return { batchId, manifest, strikes, attesters: ATTESTERS, ranges: [range] };
}

/** The leaves under milligrams [start, end). */
export function partUnder(
  batch: SampleBatch,
  start: bigint,
  end: bigint,
  strikes: readonly Strike[] = [],
): ProofPart {
  const begins = starts(batch);
  return rangePart(
    batch,
    begins.findLastIndex((at) => at <= start),
    begins.findLastIndex((at) => at < end),
    strikes,
  );
}

/** The ends of what stands behind milligrams [start, end). */
export function spanPart(
  batch: Pick<SampleBatch, "batchId" | "manifest" | "leaves" | "tree">,
  start: bigint,
  end: bigint,
  strikes: readonly Strike[] = [],
  covered = 0n,
): ProofPart {
  const { batchId, manifest } = batch;
  const positions = { start: start as Milligrams, end: end as Milligrams };
  const spans = honestSpans({ ...batch, strikes, covered: covered as Milligrams }, positions);
  return { batchId, manifest, strikes, attesters: ATTESTERS, spans };
}

export function actsPart(
  { batchId, manifest, leaves, acts, tree }: SampleBatch,
  indexes: readonly number[],
  disclose = true,
): ProofPart {
  const proofs = indexes.map((index): ActProof => {
    const proof = { index, leaf: leaves[index] as Uint8Array, steps: proveInclusion(tree, index) };
    const { salt, records } = acts[index] as SampleAct;
    return disclose ? { ...proof, disclosed: { salt, records, signatures: [] } } : proof;
  });
  return { batchId, manifest, strikes: [], attesters: ATTESTERS, acts: proofs };
}

export function actFile(...parts: readonly ProofPart[]): ProofFile {
  return { format: "microtonne-proof/1", kind: "act", chainId: String(CHAIN_ID), parts: ascending(parts) };
}

export function retirementFile(
  record: Retirement,
  parts: readonly ProofPart[],
  block?: ProofFile["block"],
): ProofFile {
  return {
    format: proofFormatOf(parts),
    kind: "retirement",
    chainId: String(CHAIN_ID),
    parts: ascending(parts),
    retirement: { record, disclosed: { beneficiary: BENEFICIARY, salt: toHex(USE_SALT), use: USE } },
    ...(block ? { block } : {}),
  };
}

function ascending(parts: readonly ProofPart[]): ProofPart[] {
  return parts.toSorted((a, b) => (a.batchId < b.batchId ? -1 : 1));
}
