import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { leafNode, parentNode, type SumNode } from "../../../../src/format/batch/sumTree.ts";
import {
  commitLeaves,
  deployDisputes,
  evidenceFor,
  latestDispute,
  rule,
  type ArguedBatch,
  type DisputeSystem,
  type LeafProof,
} from "../disputes.ts";
import { commit, type Account, type Ethers } from "../system.ts";
import { gasOf, type GasFigure } from "./gasOf.ts";

const DEPTH = 20;
const INDEX = 699_050;

/** Commits to the root that a proof of 2^20 leaves leads to; the siblings stand for the rest of the tree. */
async function commitMillion(
  system: DisputeSystem,
  batchId: bigint,
  operator: Account,
): Promise<ArguedBatch & { readonly proof: LeafProof }> {
  const small = await commitLeaves(system, {
    batchId: batchId + 1n,
    operator,
    leaves: [{ key: 77, milligrams: 2_500n + batchId }],
  });
  const { leaf } = small.proofAt(0);
  const steps: SumNode[] = [];
  let node = leafNode(fromHex(leaf));
  for (let level = 0; level < DEPTH; level++) {
    const size = (2_500n * 2n ** BigInt(level)) as Milligrams;
    const sibling: SumNode = { size, hash: fromHex(system.ethers.id(`${String(batchId)} ${String(level)}`)) };
    steps.push(sibling);
    node = (INDEX >> level) % 2 === 1 ? parentNode(sibling, node) : parentNode(node, sibling);
  }
  const previousBatchId = await system.batches.headOf(operator.address);
  const shape = {
    root: toHex(node.hash),
    totalMilligrams: node.size,
    leafCount: 2 ** DEPTH,
    bufferMilligrams: 0n,
  };
  await commit(system, { batchId, operator: operator.address, previousBatchId, ...shape });
  const proof = {
    batchId,
    index: INDEX,
    leaf,
    siblings: steps.map(({ size, hash }) => ({ size, hash: toHex(hash) })),
  };
  return { ...small, batchId, proof, proofAt: () => proof };
}

/**
 * A double claim between two batches of a million leaves, from the opening to the bond's way home, and an
 * open gram.
 */
export async function measureDisputes(ethers: Ethers): Promise<GasFigure[]> {
  const system = await deployDisputes(ethers);
  const { disputesContract, cash, corporate, operator, otherOperator } = system;
  const one = await commitMillion(system, 1_000n, operator);
  const other = await commitMillion(system, 2_000n, otherOperator);
  const opener = disputesContract.connect(corporate);
  // As who opens disputes regularly would: no allowance to write each time.
  await cash.connect(corporate).approve(disputesContract, ethers.MaxUint256);
  const state: unknown = await ethers.provider.send("evm_snapshot", []);
  const first = await gasOf(opener.openDoubleClaim([one.proof, other.proof]));
  await ethers.provider.send("evm_revert", [state]);

  const gram = (await system.batches.verifyLeaf(one.batchId, one.proof.leaf, INDEX, one.proof.siblings))[0];
  await opener.challengeGram(one.batchId, gram);
  const later = await gasOf(opener.openDoubleClaim([one.proof, other.proof]));
  const dispute = await latestDispute(system);
  const challenge = await gasOf(opener.challengeGram(one.batchId, 0n));
  const opened = await gasOf(disputesContract.openGram(one.proof, gram));
  const evidence = await gasOf(evidenceFor(system, dispute, 0, operator));
  await evidenceFor(system, dispute, 1, otherOperator);
  const ruled = await gasOf(rule(system, dispute, 1, [one, other]));
  const withdrawn = await gasOf(disputesContract.withdraw(corporate.address));

  const figure = (operation: string, gas: number, target: number | null = null): GasFigure => ({
    operation,
    gas,
    target,
    bestPeer: null,
  });
  return [
    figure("open a double claim, two proofs at 2^20, the first bond of all", first),
    figure("open a double claim, two proofs at 2^20, later", later, 180_000),
    figure("submit evidence of a claim", evidence),
    figure("rule on a double claim, three signers, two batches", ruled),
    figure("withdraw a bond", withdrawn),
    figure("challenge a gram", challenge),
    figure("open a gram, proof at 2^20", opened),
  ];
}
