import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tamperedCases } from "../../../../scripts/generate/vectors/inclusionCases.ts";
import { theyAccept } from "../../../../scripts/generate/vectors/merkletreejs.ts";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { compareBytes, fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { verifyAbsence } from "../../../../src/format/proofs/verifyAbsence.ts";
import {
  proveInclusion,
  checkPlace,
  verifyInclusion,
  type InclusionProof,
} from "../../../../src/format/proofs/inclusionProof.ts";
import { leafHash } from "../../../../src/format/batch/leaf.ts";
import { proveRange, verifyRange } from "../../../../src/format/proofs/rangeProof.ts";
import { buildSumTree, leafNode, parentNode, type SumTree } from "../../../../src/format/batch/sumTree.ts";
import {
  codeOf,
  commitmentFrom,
  codesOf,
  expectedCodes,
  proofFrom,
  stepsFrom,
  vectors,
  type ProofVector,
} from "../support/vectors.ts";

type Tampered = ProofVector & { error: string; merkletreejsAccepts: boolean };
interface RangeVector {
  name: string;
  root: string;
  total: string;
  count: number;
  first: number;
  leaves: string[];
  steps: { size: string; hash: string }[];
  ranges: { start: string; end: string }[];
  error: string;
}
const inclusion = vectors("inclusion") as {
  honest: (ProofVector & { start: string; end: string })[];
  tampered: Tampered[];
};
const absence = vectors("absence") as {
  absent: (ProofVector & { key: string })[];
  refused: (ProofVector & { key: string; error: string })[];
};
const ranges = vectors("ranges") as { honest: RangeVector[]; refused: RangeVector[] };

const place = fc
  .integer({ min: 1, max: 40 })
  .chain((count) => fc.record({ count: fc.constant(count), index: fc.nat(count - 1) }));
const trees = new Map<number, { leaves: Uint8Array[]; tree: SumTree }>();
function treeOf(count: number) {
  const known = trees.get(count);
  if (known) return known;
  const leaves = seededLeafBytes("properties", count);
  const made = { leaves, tree: buildSumTree(leaves.map(leafNode)) };
  trees.set(count, made);
  return made;
}
function honest(
  count: number,
  index: number,
): { tree: SumTree; leaves: Uint8Array[]; proof: InclusionProof } {
  const { leaves, tree } = treeOf(count);
  return {
    tree,
    leaves,
    proof: { index, leaf: leaves[index] as Uint8Array, steps: proveInclusion(tree, index) },
  };
}

describe("inclusion proof", () => {
  it("gives the milligrams of the vectors", () => {
    for (const vector of inclusion.honest) {
      const { start, end } = verifyInclusion(commitmentFrom(vector), proofFrom(vector));
      expect([vector.name, start.toString(), end.toString()]).toEqual([
        vector.name,
        vector.start,
        vector.end,
      ]);
    }
  });

  it("is refused after every tampering, each for its own reason", () => {
    expect(
      codesOf(inclusion.tampered, (vector) => verifyInclusion(commitmentFrom(vector), proofFrom(vector))),
    ).toEqual(expectedCodes(inclusion.tampered));
  });

  it("is refused of a batch with more leaves than an index can name", () => {
    const first = (count: number) => () =>
      checkPlace({ root: new Uint8Array(32), total: 1n as Milligrams, count }, 0, 1);
    expect(first(2 ** 32 - 1)).not.toThrow();
    for (const count of [2 ** 32, 0, -1, 1.5, Number.NaN]) expect(codeOf(first(count))).toBe("proof.count");
  });

  it("is refused where merkletreejs is deceived: zero, negative, wrapped sizes, inner nodes", () => {
    const deceived = tamperedCases().filter(({ merkletreejsAccepts }) => merkletreejsAccepts);
    expect(deceived.map(({ name }) => name)).toEqual(
      inclusion.tampered.filter((one) => one.merkletreejsAccepts).map(({ name }) => name),
    );
    const told = deceived.map(({ name }) => name).join("; ");
    for (const word of ["without milligrams", "negative", "wrapped", "inner node"])
      expect(told).toContain(word);
    for (const { commitment, proof, error } of deceived) {
      // Totals may be impossible on purpose.
      const { root, total, count } = { ...commitment, total: commitment.total as Milligrams };
      expect(codeOf(() => verifyInclusion({ root, total, count }, proof))).toBe(error);
    }
  });

  it("of any leaf of any tree is accepted by us and by merkletreejs, and ranges tile the batch", () => {
    for (const count of [1, 2, 3, 7, 8, 9, 33]) {
      let end = 0n;
      for (let index = 0; index < count; index++) {
        const { tree, proof } = honest(count, index);
        const range = verifyInclusion(tree, proof);
        expect(range.start).toBe(end);
        end = range.end;
        const sides = sidesOf(count, index);
        const steps = proof.steps.map((step, i) => ({ ...step, right: sides[i] as boolean }));
        expect(theyAccept(tree, leafNode(proof.leaf), steps)).toBe(true);
      }
      expect(end).toBe(treeOf(count).tree.total);
    }
  });

  it("proves its own leaf alone: any change of leaf, step, index, count, root, total is refused", () => {
    const change = fc.oneof(
      fc.record({ kind: fc.constant("leaf" as const), at: fc.nat(178), bit: fc.nat(7) }),
      fc.record({ kind: fc.constant("hash" as const), at: fc.nat(200), bit: fc.nat(255) }),
      fc.record({
        kind: fc.constant("size" as const),
        at: fc.nat(200),
        by: fc.bigInt(-(2n ** 65n), 2n ** 65n).filter((by) => by !== 0n),
      }),
      fc.record({ kind: fc.constant("drop" as const), at: fc.nat(200) }),
      fc.record({ kind: fc.constant("repeat" as const), at: fc.nat(200) }),
      fc.record({
        kind: fc.constant("total" as const),
        by: fc.bigInt(-(2n ** 64n), 2n ** 64n).filter((by) => by !== 0n),
      }),
      fc.record({ kind: fc.constant("index" as const), to: fc.integer({ min: -2, max: 45 }) }),
    );
    fc.assert(
      fc.property(place, change, ({ count, index }, tampering) => {
        const { tree, proof } = honest(count, index);
        const [commitment, changed] = tamper(tree, proof, tampering);
        if (commitment === null) return;
        expect(codeOf(() => verifyInclusion(commitment, changed))).not.toBe("accepted");
      }),
      { numRuns: 2000 },
    );
  });

  it("never takes an inner node for a leaf, whatever it is padded with", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 0, maxLength: 200 }), (bytes) => {
        const { tree, proof } = honest(2, 0);
        expect(codeOf(() => verifyInclusion(tree, { ...proof, leaf: bytes }))).not.toBe("accepted");
      }),
      { numRuns: 500 },
    );
  });
});

describe("range proof", () => {
  it("gives the milligrams of the vectors", () => {
    for (const vector of ranges.honest) {
      expect(
        verifyRange(commitmentFrom(vector), rangeFrom(vector)).map(({ start, end }) => [
          start.toString(),
          end.toString(),
        ]),
      ).toEqual(vector.ranges.map(({ start, end }) => [start, end]));
    }
  });

  it("is refused after every tampering", () => {
    expect(
      codesOf(ranges.refused, (vector) => verifyRange(commitmentFrom(vector), rangeFrom(vector))),
    ).toEqual(expectedCodes(ranges.refused));
  });

  it("of any range agrees with the inclusion proofs of its leaves", () => {
    fc.assert(
      fc.property(place, fc.nat(40), ({ count, index }, more) => {
        const { leaves, tree } = treeOf(count);
        const last = Math.min(count - 1, index + more);
        const proof = {
          first: index,
          leaves: leaves.slice(index, last + 1),
          steps: proveRange(tree, index, last),
        };
        const single = proof.leaves.map((_, i) => verifyInclusion(tree, honest(count, index + i).proof));
        expect(verifyRange(tree, proof)).toEqual(single);
        if (index === last) expect(proof.steps).toEqual(proveInclusion(tree, index));
      }),
      { numRuns: 300 },
    );
  });

  it("of all leaves needs no steps", () => {
    const { leaves, tree } = treeOf(40);
    expect(proveRange(tree, 0, 39)).toEqual([]);
    expect(verifyRange(tree, { first: 0, leaves, steps: [] })).toHaveLength(40);
  });
});

describe("absence proof", () => {
  it("shows what the vectors say", () => {
    for (const vector of absence.absent) {
      expect([
        vector.name,
        codeOf(() => verifyAbsence(commitmentFrom(vector), fromHex(vector.key), proofFrom(vector))),
      ]).toEqual([vector.name, "accepted"]);
    }
    expect(
      codesOf(absence.refused, (vector) =>
        verifyAbsence(commitmentFrom(vector), fromHex(vector.key), proofFrom(vector)),
      ),
    ).toEqual(expectedCodes(absence.refused));
  });

  it("is accepted by exactly one leaf where the key is absent, and by none where it is there", () => {
    fc.assert(
      fc.property(
        place,
        fc.uint8Array({ minLength: 32, maxLength: 32 }),
        fc.boolean(),
        ({ count, index }, random, present) => {
          const { leaves } = treeOf(count);
          const key = present ? (leaves[index] as Uint8Array).slice(1, 33) : random;
          const isThere = leaves.some((leaf) => compareBytes(leaf.subarray(1, 33), key) === 0);
          const accepting = leaves.filter(
            (_, i) =>
              codeOf(() => verifyAbsence(honest(count, i).tree, key, honest(count, i).proof)) === "accepted",
          );
          expect(accepting).toHaveLength(isThere ? 0 : 1);
        },
      ),
      { numRuns: 60 },
    );
  });
});

type Tampering =
  | { kind: "leaf"; at: number; bit: number }
  | { kind: "hash"; at: number; bit: number }
  | { kind: "size"; at: number; by: bigint }
  | { kind: "drop"; at: number }
  | { kind: "repeat"; at: number }
  | { kind: "total"; by: bigint }
  | { kind: "index"; to: number };

function tamper(tree: SumTree, proof: InclusionProof, change: Tampering): [SumTree | null, InclusionProof] {
  const { steps } = proof;
  if (change.kind === "total") return [{ ...tree, total: (tree.total + change.by) as Milligrams }, proof];
  if (change.kind === "index")
    return [change.to === proof.index ? null : tree, { ...proof, index: change.to }];
  if (change.kind === "leaf") {
    const leaf = proof.leaf.slice();
    leaf[change.at] = (leaf[change.at] as number) ^ (1 << change.bit);
    return [tree, { ...proof, leaf }];
  }
  if (steps.length === 0) return [null, proof];
  const at = change.at % steps.length;
  if (change.kind === "drop") return [tree, { ...proof, steps: steps.toSpliced(at, 1) }];
  const step = steps[at] as (typeof steps)[number];
  if (change.kind === "repeat") return [tree, { ...proof, steps: steps.toSpliced(at, 0, step) }];
  if (change.kind === "size")
    return [tree, { ...proof, steps: steps.with(at, { ...step, size: step.size + change.by }) }];
  const hash = step.hash.slice();
  const byte = change.bit >> 3;
  hash[byte] = (hash[byte] as number) ^ (1 << (change.bit & 7));
  return [tree, { ...proof, steps: steps.with(at, { ...step, hash }) }];
}

function sidesOf(count: number, index: number): boolean[] {
  const sides: boolean[] = [];
  for (
    let [width, position] = [count, index];
    width > 1;
    [width, position] = [Math.ceil(width / 2), position >> 1]
  ) {
    if (position % 2 === 1) sides.push(false);
    else if (position + 1 < width) sides.push(true);
  }
  return sides;
}

function rangeFrom(vector: RangeVector) {
  return {
    first: vector.first,
    leaves: vector.leaves.map((leaf) => fromHex(leaf)),
    steps: stepsFrom(vector.steps),
  };
}

describe("node of the tree", () => {
  it("hashes sizes and hashes of both children, left before right", () => {
    const [a, b] = seededLeafBytes("two", 2).map(leafNode) as [
      ReturnType<typeof leafNode>,
      ReturnType<typeof leafNode>,
    ];
    expect(toHex(parentNode(a, b).hash)).not.toBe(toHex(parentNode(b, a).hash));
    expect(toHex(a.hash)).toBe(toHex(leafHash(seededLeafBytes("two", 2)[0] as Uint8Array)));
  });
});
