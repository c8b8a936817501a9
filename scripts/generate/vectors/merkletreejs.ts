import { MerkleSumTree } from "merkletreejs";
import { keccak } from "../../../src/format/keccak.ts";
import type { SumCommitment, SumNode } from "../../../src/format/batch/sumTree.ts";

/**
 * merkletreejs as the independent check. Its `Leaf` is not exported; it takes any object with `rng` and
 * `getBucket`.
 */

type TheirLeaf = ConstructorParameters<typeof MerkleSumTree>[0][number];
type TheirBucket = MerkleSumTree["root"];
const hashFn = ((data: Uint8Array) => Buffer.from(keccak(data))) as unknown as ConstructorParameters<
  typeof MerkleSumTree
>[1];

function bucket(size: bigint, hash: Uint8Array): TheirBucket {
  return { size, hashed: Buffer.from(hash), parent: null, left: null, right: null };
}

function theirLeaf(start: bigint, node: SumNode): TheirLeaf {
  return {
    rng: [start, start + node.size],
    getBucket: () => bucket(node.size, node.hash),
  } as unknown as TheirLeaf;
}

/** Their tree over leaf nodes, sizes of any kind. */
export function theirTree(nodes: readonly SumNode[]): MerkleSumTree {
  let start = 0n;
  const leaves = nodes.map((node) => {
    const leaf = theirLeaf(start, node);
    start += node.size;
    return leaf;
  });
  return new MerkleSumTree(leaves, hashFn);
}

/**
 * Whether their `verifyProof` accepts a proof for the range that the proof itself implies: the best that a
 * hostile prover can claim.
 */
export function theyAccept(
  commitment: Pick<SumCommitment, "root"> & { readonly total: bigint },
  leaf: SumNode,
  steps: readonly (SumNode & { readonly right: boolean })[],
): boolean {
  const left = steps.filter(({ right }) => !right).reduce((sum, { size }) => sum + size, 0n);
  const right = steps.filter((step) => step.right).reduce((sum, { size }) => sum + size, 0n);
  const claim = {
    rng: [left, commitment.total - right],
    getBucket: () => bucket(leaf.size, leaf.hash),
  } as unknown as TheirLeaf;
  const tree = theirTree([{ size: 1n, hash: new Uint8Array(32) }]);
  const proof = steps.map((step) => ({ bucket: bucket(step.size, step.hash), right: step.right }));
  return tree.verifyProof(bucket(commitment.total, commitment.root), claim, proof);
}
