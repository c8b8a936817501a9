import type { Hex } from "../../../../src/base/types/ids.ts";
import type { Retirement } from "../../../../src/base/types/retirement.ts";
import { methodologiesHash } from "../../../../src/format/onchain/batchStatement.ts";
import { termsHashOf } from "../../../../src/format/onchain/termsHash.ts";
import type { BlockEvidence, ProofFile } from "../../../../src/format/proofs/proofFile.ts";
import type { Trust } from "../../../../src/verify/trust.ts";
import { CHAIN_ID, CONTRACTS, sampleBatch } from "./sampleBatch.ts";
import { partUnder, retirementFile, sampleRetirement, starts } from "./sampleProof.ts";
import {
  askedFor,
  batchWords,
  retirementWord,
  sampleState,
  type BatchChange,
  type SampleState,
} from "./sampleState.ts";
import { verifyFile } from "./verifyFile.ts";

/** A retirement of two batches, and a block whose state holds it. */

export const batch = sampleBatch("block", 23);
export const other = sampleBatch("second", 6);
export const begins = starts(batch);
export const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
export const record = sampleRetirement([
  { batch, start, end },
  { batch: other, start: 0n, end: 9n },
]);
export const parts = [partUnder(batch, start, end), partUnder(other, 0n, 9n)];

export const ownMethodologies = methodologiesHash(batch.manifest);
export const ownTerms = termsHashOf(batch.manifest);

export const state = await sampleState(
  new Map([...batchWords(batch), ...batchWords(other)]),
  retirementWord(record),
);
export const evidence = await state.evidence(askedFor([batch, other], record.retirementId));
export const trusting = ({ blockHash }: SampleState): Trust & { mode: "block" } => ({
  mode: "block",
  chainId: CHAIN_ID,
  blockHash,
  contracts: CONTRACTS,
});
export const trust = trusting(state);

export const verify = async (file: ProofFile, held: Trust = trust) => verifyFile(file, held);
export const withEvidence = (block: BlockEvidence) => retirementFile(record, parts, block);

/** The whole retirement against a state in which one batch or the retirement's word is otherwise. */
export async function against(
  change: BatchChange,
  retirement: ReadonlyMap<Hex, Hex> = retirementWord(record),
  shown: Retirement = record,
) {
  const changed = await sampleState(
    new Map([...batchWords(batch, change), ...batchWords(other)]),
    retirement,
  );
  return verify(
    retirementFile(shown, parts, await changed.evidence(askedFor([batch, other], record.retirementId))),
    trusting(changed),
  );
}
