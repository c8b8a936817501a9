import { bigEndian, toHex } from "../../../src/base/lib/bytes.ts";
import { proveInclusion, type InclusionProof } from "../../../src/format/proofs/inclusionProof.ts";
import { LAST_ACTIVITY_KEY } from "../../../src/format/batch/leaf.ts";
import { proveRange, verifyRange, type RangeProof } from "../../../src/format/proofs/rangeProof.ts";
import {
  buildSumTree,
  leafNode,
  type SumCommitment,
  type SumTree,
} from "../../../src/format/batch/sumTree.ts";
import {
  commitmentJson,
  honestCases,
  keyAbove,
  largestCase,
  proofJson,
  stepsJson,
  tamperedCases,
  tamperedJson,
} from "./inclusionCases.ts";
import { flipped, LEAF_RULE, seededLeafBytes, withSize } from "./seededLeaves.ts";

/** Inclusion proofs, honest and tampered with. */
export function inclusionVectors(): Record<string, unknown> {
  return {
    about:
      "Inclusion proofs. `honest`: milligrams [start, end) must come out. `tampered`: must be refused, " +
      "for the reason in `error`. `merkletreejsAccepts`: MerkleSumTree.verifyProof of merkletreejs 0.6 " +
      "takes the same steps; it knows neither index nor count, and believes the sizes and sides that " +
      "the prover states. Sizes below 0 and above 2^64 - 1 are such as a bigint can hold.",
    rule: LEAF_RULE,
    honest: [...honestCases(), largestCase()],
    tampered: tamperedCases().map(tamperedJson),
  };
}

interface AbsenceCase {
  readonly name: string;
  readonly commitment: SumCommitment;
  readonly key: Uint8Array;
  readonly proof: InclusionProof;
  readonly error?: string;
}

/** Absence proofs of each kind, and those that show nothing. */
export function absenceCases(): AbsenceCase[] {
  const leaves = seededLeafBytes("tampered", 7);
  const tree = buildSumTree(leaves.map(leafNode));
  const key = (index: number) => (leaves[index] as Uint8Array).slice(1, 33);
  const below = bigEndian(BigInt(toHex(key(0))) - 1n, 32);
  const proof = (
    index: number,
    of: SumTree = tree,
    from: readonly Uint8Array[] = leaves,
  ): InclusionProof => ({
    index,
    leaf: from[index] as Uint8Array,
    steps: proveInclusion(of, index),
  });
  const single = seededLeafBytes("one", 1);
  const singleTree = buildSumTree(single.map(leafNode));
  const singleKey = (single[0] as Uint8Array).slice(1, 33);
  const early = brokenChain(leaves, 2, LAST_ACTIVITY_KEY);
  const backwards = brokenChain(leaves, 2, key(1));
  const endless = brokenChain(leaves, 6, flipped(LAST_ACTIVITY_KEY, 31));
  const cases: AbsenceCase[] = [
    { name: "below the first key", commitment: tree, key: below, proof: proof(0) },
    { name: "between two keys", commitment: tree, key: keyAbove(key(3)), proof: proof(3) },
    { name: "above the last key", commitment: tree, key: keyAbove(key(6)), proof: proof(6) },
    { name: "key zero", commitment: tree, key: new Uint8Array(32), proof: proof(0) },
    {
      name: "one leaf, below",
      commitment: singleTree,
      key: bigEndian(BigInt(toHex(singleKey)) - 1n, 32),
      proof: proof(0, singleTree, single),
    },
    {
      name: "one leaf, above",
      commitment: singleTree,
      key: keyAbove(singleKey),
      proof: proof(0, singleTree, single),
    },
    { name: "the leaf's own key", commitment: tree, key: key(3), proof: proof(3), error: "absence.present" },
    { name: "the next leaf's key", commitment: tree, key: key(4), proof: proof(3), error: "absence.present" },
    {
      name: "leaf too low",
      commitment: tree,
      key: keyAbove(key(4)),
      proof: proof(3),
      error: "absence.not-between",
    },
    {
      name: "leaf too high",
      commitment: tree,
      key: keyAbove(key(2)),
      proof: proof(3),
      error: "absence.not-between",
    },
    {
      name: "below a leaf that is not the first",
      commitment: tree,
      key: below,
      proof: proof(1),
      error: "absence.not-between",
    },
    {
      name: "the key that ends the chain",
      commitment: tree,
      key: LAST_ACTIVITY_KEY,
      proof: proof(6),
      error: "absence.key",
    },
    {
      name: "a key of 31 bytes",
      commitment: tree,
      key: below.slice(1),
      proof: proof(0),
      error: "absence.key",
    },
    {
      name: "proof that fails",
      commitment: tree,
      key: keyAbove(key(3)),
      proof: { ...proof(3), steps: proof(3).steps.slice(1) },
      error: "proof.truncated",
    },
    {
      name: "link changed after the fact",
      commitment: tree,
      key: keyAbove(key(4)),
      proof: { ...proof(3), leaf: early.leaf },
      error: "proof.total",
    },
    {
      name: "chain that ends in the middle",
      commitment: early.tree,
      key: key(5),
      proof: early.proof,
      error: "absence.broken-link",
    },
    {
      name: "chain that goes backwards",
      commitment: backwards.tree,
      key: below,
      proof: backwards.proof,
      error: "absence.broken-link",
    },
    {
      name: "last leaf that does not end the chain",
      commitment: endless.tree,
      key: keyAbove(key(6)),
      proof: endless.proof,
      error: "absence.broken-link",
    },
  ];
  return cases;
}

/** A batch whose leaf `index` links to `next` instead of to its neighbour. */
export function brokenChain(leaves: readonly Uint8Array[], index: number, next: Uint8Array) {
  const changed = leaves.map((leaf) => leaf.slice());
  const leaf = changed[index] as Uint8Array;
  leaf.set(next, 33);
  const tree = buildSumTree(changed.map(leafNode));
  return { tree, leaf, leaves: changed, proof: { index, leaf, steps: proveInclusion(tree, index) } };
}

function absenceJson({ name, commitment, key, proof, error }: AbsenceCase): Record<string, unknown> {
  return {
    name,
    ...commitmentJson(commitment),
    key: toHex(key),
    ...proofJson(proof),
    ...(error === undefined ? {} : { error }),
  };
}

export function absenceVectors(): Record<string, unknown> {
  const json = absenceCases().map(absenceJson);
  return {
    about: "Proofs that a key is in no leaf of a batch. `refused`: for the reason in `error`.",
    rule: LEAF_RULE,
    absent: json.filter((one) => !("error" in one)),
    refused: json.filter((one) => "error" in one),
  };
}

interface RangeCase {
  readonly name: string;
  readonly commitment: SumCommitment;
  readonly proof: RangeProof;
  readonly error?: string;
}

function rangeCases(): RangeCase[] {
  const places: [name: string, count: number, ranges: [number, number][]][] = [
    ["one", 1, [[0, 0]]],
    [
      "three",
      3,
      [
        [0, 2],
        [1, 2],
        [2, 2],
      ],
    ],
    [
      "tampered",
      7,
      [
        [0, 6],
        [2, 4],
        [1, 5],
        [6, 6],
        [5, 6],
      ],
    ],
    [
      "bundle-and-one",
      257,
      [
        [253, 256],
        [256, 256],
      ],
    ],
    [
      "thousand",
      1000,
      [
        [254, 257],
        [997, 999],
      ],
    ],
  ];
  const honest = places.flatMap(([name, count, ranges]) => {
    const leaves = seededLeafBytes(name, count);
    const tree = buildSumTree(leaves.map(leafNode));
    return ranges.map(([first, last]) => ({
      name: `${name}, leaves ${String(first)} to ${String(last)}`,
      commitment: tree,
      proof: { first, leaves: leaves.slice(first, last + 1), steps: proveRange(tree, first, last) },
    }));
  });
  return [...honest, ...refusedRanges()];
}

function refusedRanges(): RangeCase[] {
  const leaves = seededLeafBytes("tampered", 7);
  const tree = buildSumTree(leaves.map(leafNode));
  const base: RangeProof = { first: 1, leaves: leaves.slice(1, 5), steps: proveRange(tree, 1, 4) };
  const [two] = [leaves[2] as Uint8Array];
  const cases: [name: string, error: string, changes: Partial<RangeProof>][] = [
    ["no leaves", "proof.index", { leaves: [] }],
    ["beyond the batch", "proof.index", { first: 4 }],
    ["begun one later", "proof.extended", { first: 2 }],
    ["last leaf left out", "proof.extended", { leaves: base.leaves.slice(0, 3) }],
    [
      "leaf left out in the middle",
      "proof.extended",
      { leaves: [0, 2, 3].map((i) => base.leaves[i] as Uint8Array) },
    ],
    ["two leaves swapped", "proof.root", { leaves: [1, 0, 2, 3].map((i) => base.leaves[i] as Uint8Array) }],
    ["a leaf twice", "proof.total", { leaves: [0, 0, 2, 3].map((i) => base.leaves[i] as Uint8Array) }],
    [
      "a leaf changed",
      "proof.root",
      { leaves: base.leaves.map((leaf, i) => (i === 1 ? flipped(leaf, 100) : leaf)) },
    ],
    [
      "a leaf without milligrams",
      "leaf.zero-size",
      { leaves: base.leaves.map((leaf, i) => (i === 1 ? withSize(two, 0n) : leaf)) },
    ],
    ["last step left out", "proof.truncated", { steps: base.steps.slice(0, -1) }],
    [
      "a step added",
      "proof.extended",
      { steps: [...base.steps, base.steps[0] as RangeProof["steps"][number]] },
    ],
    ["steps reversed", "proof.root", { steps: base.steps.toReversed() }],
    [
      "a step without milligrams",
      "proof.zero-size",
      { steps: base.steps.map((step, i) => (i === 0 ? { ...step, size: 0n } : step)) },
    ],
    [
      "a step of 2^63 - 1 milligrams",
      "proof.overflow",
      { steps: base.steps.map((step, i) => (i === 0 ? { ...step, size: 2n ** 63n - 1n } : step)) },
    ],
  ];
  return cases.map(([name, error, changes]) => ({
    name,
    commitment: tree,
    proof: { ...base, ...changes },
    error,
  }));
}

export function rangeVectors(): Record<string, unknown> {
  const json = rangeCases().map(({ name, commitment, proof, error }) => {
    const { first, leaves, steps } = proof;
    const common = {
      name,
      ...commitmentJson(commitment),
      first,
      leaves: leaves.map(toHex),
      steps: stepsJson(steps),
    };
    if (error !== undefined) return { ...common, error };
    const ranges = verifyRange(commitment, proof).map(({ start, end }) => ({
      start: start.toString(),
      end: end.toString(),
    }));
    return { ...common, ranges };
  });
  return {
    about:
      "Proofs of consecutive leaves. On each level the left neighbour, if any, stands before the right " +
      "one. `refused`: for `error`.",
    rule: LEAF_RULE,
    honest: json.filter((one) => !("error" in one)),
    refused: json.filter((one) => "error" in one),
  };
}
