import { bigEndian, toHex } from "../../../src/base/lib/bytes.ts";
import {
  proveInclusion,
  verifyInclusion,
  type InclusionProof,
} from "../../../src/format/proofs/inclusionProof.ts";
import { leafHash } from "../../../src/format/batch/leaf.ts";
import {
  buildSumTree,
  leafNode,
  type SumCommitment,
  type SumNode,
} from "../../../src/format/batch/sumTree.ts";
import { hostileProof, parentPreimage } from "./hostileTrees.ts";
import { theyAccept } from "./merkletreejs.ts";
import { flipped, seededLeafBytes, withSize } from "./seededLeaves.ts";
import { MAX_MILLIGRAMS } from "../../../src/base/lib/mass.ts";

type SidedStep = SumNode & { readonly right: boolean };

/** A proof that must be refused, and whether merkletreejs takes it. */
export interface TamperedCase {
  readonly name: string;
  readonly commitment: { readonly root: Uint8Array; readonly total: bigint; readonly count: number };
  readonly proof: InclusionProof;
  readonly error: string;
  readonly merkletreejsAccepts: boolean;
}

const FLIPS = {
  activityKey: 1,
  nextActivityKey: 33,
  methodologyId: 65,
  holderCommitment: 97,
  recordHash: 129,
  day: 172,
  scenarioClass: 174,
  providerIndex: 178,
};
const WRAP = 2n ** 64n;

/**
 * Every way to tamper with the proof of leaf 4 of the seven of `tampered`, and proofs of trees that a hostile
 * operator built.
 */
export function tamperedCases(): TamperedCase[] {
  const leaves = seededLeafBytes("tampered", 7);
  const nodes = leaves.map(leafNode);
  const tree = buildSumTree(nodes);
  const index = 4;
  const leaf = leaves[index] as Uint8Array;
  // The steps of leaf 4 are leaf 5 and leaf 6 on its right, then the node over leaves 0 to 3 on its left.
  const sides = [true, true, false];
  const honest = { index, leaf, steps: proveInclusion(tree, index) };
  const cases: TamperedCase[] = [];

  const add = (
    name: string,
    error: string,
    changes: Partial<InclusionProof> & {
      root?: Uint8Array;
      total?: bigint;
      count?: number;
      sides?: boolean[];
      claimed?: SumNode;
    },
  ) => {
    const commitment = {
      root: changes.root ?? tree.root,
      total: changes.total ?? tree.total,
      count: changes.count ?? tree.count,
    };
    const proof = {
      index: changes.index ?? index,
      leaf: changes.leaf ?? leaf,
      steps: changes.steps ?? honest.steps,
    };
    const sided: SidedStep[] = proof.steps.map((step, i) => ({
      ...step,
      right: (changes.sides ?? sides)[i] ?? true,
    }));
    // merkletreejs believes the size that the prover states.
    const claimed = changes.claimed ?? { size: sizeField(proof.leaf), hash: leafHash(proof.leaf) };
    cases.push({
      name,
      commitment,
      proof,
      error,
      merkletreejsAccepts: theyAccept(commitment, claimed, sided),
    });
  };
  const step = (at: number, changes: Partial<SumNode>) => ({
    steps: honest.steps.map((old, i) => (i === at ? { ...old, ...changes } : old)),
  });
  const [first, second, third] = honest.steps as [SumNode, SumNode, SumNode];

  add("last step left out", "proof.truncated", { steps: [first, second] });
  add("first step left out", "proof.truncated", { steps: [second, third], sides: [true, false] });
  add("no steps", "proof.truncated", { steps: [] });
  add("a step added", "proof.extended", { steps: [...honest.steps, first] });
  add("steps reversed", "proof.root", { steps: honest.steps.toReversed() });
  add("two steps swapped", "proof.root", { steps: [second, first, third] });
  add("index of the neighbour", "proof.root", { index: 5 });
  add("index on the other side of the root", "proof.truncated", { index: 3, steps: [first, second] });
  add("index beyond the batch", "proof.index", { index: 7 });
  add("count of zero", "proof.count", { count: 0 });
  add("count of five", "proof.extended", { count: 5 });
  add("count of nine", "proof.truncated", { count: 9 });
  add("total one more", "proof.total", { total: tree.total + 1n });
  add("total one less", "proof.total", { total: tree.total - 1n });
  add("another root", "proof.root", { root: flipped(tree.root, 31) });
  add("another leaf", "proof.total", { leaf: leaves[5] as Uint8Array });
  for (const [field, at] of Object.entries(FLIPS))
    add(`leaf with another ${field}`, "proof.root", { leaf: flipped(leaf, at) });
  add("leaf one milligram heavier", "proof.total", { leaf: withSize(leaf, sizeField(leaf) + 1n) });
  add("leaf heavier, step lighter", "proof.root", {
    leaf: withSize(leaf, sizeField(leaf) + 1n),
    ...step(0, { size: first.size - 1n }),
  });
  add("leaf of another version", "leaf.version", { leaf: flipped(leaf, 0) });
  add("leaf without milligrams", "leaf.zero-size", { leaf: withSize(leaf, 0n) });
  add("leaf of 2^63 milligrams", "leaf.too-large", { leaf: withSize(leaf, MAX_MILLIGRAMS + 1n) });
  add("leaf one byte short", "leaf.length", { leaf: leaf.slice(0, 178) });
  add("leaf one byte long", "leaf.length", { leaf: new Uint8Array([...leaf, 0]) });
  add("empty leaf", "leaf.length", { leaf: new Uint8Array(0) });
  for (const at of [0, 1, 2]) {
    const old = honest.steps[at] as SumNode;
    const where = `step ${String(at)}`;
    add(`${where} with another hash`, "proof.root", step(at, { hash: flipped(old.hash, 0) }));
    add(`${where} one milligram heavier`, "proof.total", step(at, { size: old.size + 1n }));
    add(`${where} without milligrams`, "proof.zero-size", step(at, { size: 0n }));
    add(`${where} of 2^63 milligrams`, "proof.overflow", step(at, { size: MAX_MILLIGRAMS + 1n }));
    add(`${where} of 2^63 - 1 milligrams`, "proof.overflow", step(at, { size: MAX_MILLIGRAMS }));
    add(`${where} one wrap of 2^64 heavier`, "proof.overflow", step(at, { size: old.size + WRAP }));
  }
  add("step with a short hash", "proof.malformed", step(1, { hash: second.hash.slice(1) }));
  add("a milligram moved between two steps", "proof.root", {
    steps: [{ ...first, size: first.size + 1n }, { ...second, size: second.size - 1n }, third],
  });

  // Against the true root: sizes are hashed modulo 2^64, so a wrap left and one back right moves the leaf by
  // 2^64 mg.
  add("wrapped steps that cancel out", "proof.zero-size", {
    steps: [{ ...first, size: first.size - WRAP }, second, { ...third, size: third.size + WRAP }],
  });
  add("wrapped step with a wrapped total", "proof.overflow", {
    total: tree.total + WRAP,
    steps: [first, second, { ...third, size: third.size + WRAP }],
  });
  // The node over leaves 4 and 5, passed off as a leaf: its preimage has 80 bytes.
  const preimage = parentPreimage(nodes[4] as SumNode, nodes[5] as SumNode);
  add("inner node passed off as a leaf", "leaf.length", {
    leaf: preimage,
    steps: [second, third],
    sides: [true, false],
    claimed: (tree.levels[1] as readonly SumNode[])[2] as SumNode,
  });
  return [...cases, ...hostileCases(leaves.slice(0, 4))];
}

/** Trees over impossible sizes: the root is what its operator made it, only an opening shows the fault. */
function hostileCases(leaves: readonly Uint8Array[]): TamperedCase[] {
  const build = (
    name: string,
    error: string,
    sizes: readonly bigint[],
    index: number,
    asUint64 = false,
  ): TamperedCase => {
    const bytes = leaves.map((leaf, i) => withSize(leaf, sizes[i] as bigint));
    const nodes = bytes.map((leaf, i) => ({ size: sizes[i] as bigint, hash: leafHash(leaf) }));
    const { root, steps } = hostileProof(nodes, index);
    const commitment = { root: root.hash, total: root.size, count: leaves.length };
    const written = asUint64 ? steps.map((one) => ({ ...one, size: BigInt.asUintN(64, one.size) })) : steps;
    const proof = {
      index,
      leaf: bytes[index] as Uint8Array,
      steps: written.map(({ size, hash }) => ({ size, hash })),
    };
    return {
      name,
      commitment,
      proof,
      error,
      merkletreejsAccepts: theyAccept(commitment, nodes[index] as SumNode, written),
    };
  };
  return [
    build("operator's tree: sibling without milligrams", "proof.zero-size", [5n, 0n, 7n, 9n], 0),
    build("operator's tree: the leaf itself without milligrams", "leaf.zero-size", [5n, 0n, 7n, 9n], 1),
    build(
      "operator's tree: negative sibling, so that one leaf outweighs the batch",
      "proof.zero-size",
      [1000n, -900n, 7n, 9n],
      0,
    ),
    build("operator's tree: negative sibling as uint64", "proof.overflow", [1000n, -900n, 7n, 9n], 0, true),
    build("operator's tree: negative leaf", "leaf.too-large", [1000n, -900n, 7n, 9n], 1),
    build(
      "operator's tree: negative node above the leaf's own",
      "proof.zero-size",
      [1000n, 8n, -500n, 9n],
      1,
    ),
    build("operator's tree: sizes that add up to 2^63", "proof.overflow", [2n ** 62n, 2n ** 62n, 1n, 1n], 0),
    build("operator's tree: a size of 2^64 - 1", "proof.overflow", [2n, WRAP - 1n, 1n, 1n], 0),
  ];
}

/** Honest proofs in trees of every shape that the vectors name. */
export function honestCases(): Record<string, unknown>[] {
  const places: [name: string, count: number, indexes: number[], equalSize?: bigint][] = [
    ["one", 1, [0]],
    ["two", 2, [0, 1]],
    ["three", 3, [0, 1, 2]],
    ["tampered", 7, [4, 6]],
    ["equal", 5, [0, 4], 250n],
    ["bundle", 256, [0, 255]],
    ["bundle-and-one", 257, [0, 255, 256]],
    ["thousand", 1000, [0, 511, 999]],
  ];
  return places.flatMap(([name, count, indexes, equalSize]) => {
    const leaves = seededLeafBytes(name, count, equalSize);
    const tree = buildSumTree(leaves.map(leafNode));
    return indexes.map((index) =>
      honestCase(`${name}, leaf ${String(index)}`, tree, leaves, index, proveInclusion(tree, index)),
    );
  });
}

function honestCase(
  name: string,
  tree: SumCommitment,
  leaves: readonly Uint8Array[],
  index: number,
  steps: readonly SumNode[],
) {
  const leaf = leaves[index] as Uint8Array;
  const { start, end } = verifyInclusion(tree, { index, leaf, steps });
  return {
    name,
    ...commitmentJson(tree),
    ...proofJson({ index, leaf, steps }),
    start: start.toString(),
    end: end.toString(),
  };
}

/** A proof with its sizes just below 2^63. */
export function largestCase(): Record<string, unknown> {
  const leaves = seededLeafBytes("largest", 2).map((leaf, i) =>
    withSize(leaf, i === 0 ? 2n ** 62n : 2n ** 62n - 1n),
  );
  const tree = buildSumTree(leaves.map(leafNode));
  return honestCase("sizes that add up to 2^63 - 1", tree, leaves, 1, proveInclusion(tree, 1));
}

export function commitmentJson({ root, total, count }: { root: Uint8Array; total: bigint; count: number }) {
  return { root: toHex(root), total: total.toString(), count };
}

export function proofJson({ index, leaf, steps }: InclusionProof) {
  return { index, leaf: toHex(leaf), steps: stepsJson(steps) };
}

export function stepsJson(steps: readonly SumNode[]) {
  return steps.map(({ size, hash }) => ({ size: size.toString(), hash: toHex(hash) }));
}

export function tamperedJson({
  name,
  commitment,
  proof,
  error,
  merkletreejsAccepts,
}: TamperedCase): Record<string, unknown> {
  return { name, ...commitmentJson(commitment), ...proofJson(proof), error, merkletreejsAccepts };
}

function sizeField(leaf: Uint8Array): bigint {
  return leaf.length < 169 ? 0n : BigInt(toHex(leaf.slice(161, 169)));
}

/** A 32-byte key between two others, by one above the lower. */
export function keyAbove(key: Uint8Array): Uint8Array {
  return bigEndian(BigInt(toHex(key)) + 1n, 32);
}
