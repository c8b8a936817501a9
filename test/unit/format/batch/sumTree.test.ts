import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { theirTree } from "../../../../scripts/generate/vectors/merkletreejs.ts";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { fromHex, toHex } from "../../../../src/base/lib/bytes.ts";
import { proveInclusion } from "../../../../src/format/proofs/inclusionProof.ts";
import {
  buildSumTree,
  leafNode,
  nodeBytes,
  parentNode,
  type SumNode,
} from "../../../../src/format/batch/sumTree.ts";
import { SumTreeStream } from "../../../../src/format/batch/sumTreeStream.ts";
import { codeOf, vectors } from "../support/vectors.ts";

interface TreeVector {
  name: string;
  count: number;
  equalSize?: string;
  root: string;
  total: string;
  leaves?: string[];
}
const file = vectors("trees") as {
  trees: TreeVector[];
  oddNodeMovesUp: { levels: string[][]; root: string; rootWithTheLastLeafTwice: string };
};

const leavesOf = ({ name, count, equalSize, leaves }: TreeVector) =>
  leaves?.map((leaf) => fromHex(leaf)) ??
  seededLeafBytes(name, count, equalSize === undefined ? undefined : BigInt(equalSize));
const nodes = fc.array(
  fc.record({ size: fc.bigInt(1n, 2n ** 40n), hash: fc.uint8Array({ minLength: 32, maxLength: 32 }) }),
  {
    minLength: 1,
    maxLength: 70,
  },
);

describe("sum tree", () => {
  it("has the roots and totals of the vectors, in memory and streamed", () => {
    for (const vector of file.trees) {
      const leafNodes = leavesOf(vector).map(leafNode);
      const tree = buildSumTree(leafNodes);
      expect([vector.name, toHex(tree.root), tree.total.toString(), tree.count]).toEqual([
        vector.name,
        vector.root,
        vector.total,
        vector.count,
      ]);
      expect(streamed(leafNodes)).toEqual({ root: tree.root, total: tree.total, count: tree.count });
    }
  });

  it("leaves by the published rule are the leaves in full", () => {
    for (const vector of file.trees.filter(({ leaves, name }) => leaves && name !== "largest")) {
      const { leaves: _, ...ruled } = vector;
      expect(leavesOf(ruled).map(toHex)).toEqual(vector.leaves);
    }
  });

  it("moves an odd node up unchanged instead of repeating it (CVE-2012-2459)", () => {
    const { levels, root, rootWithTheLastLeafTwice } = file.oddNodeMovesUp;
    const tree = buildSumTree(seededLeafBytes("three", 3).map(leafNode));
    expect(tree.levels.map((level) => level.map((node) => toHex(nodeBytes(node))))).toEqual(levels);
    expect(tree.levels[1]?.[1]).toEqual(tree.levels[0]?.[2]);
    expect(root).not.toBe(rootWithTheLastLeafTwice);
  });

  it("is the tree of merkletreejs: root, total and every honest proof", () => {
    fc.assert(
      fc.property(nodes, (leafNodes) => {
        const ours = buildSumTree(leafNodes);
        const theirs = theirTree(leafNodes);
        expect(toHex(ours.root)).toBe(`0x${theirs.root.hashed.toString("hex")}`);
        expect(ours.total).toBe(theirs.root.size);
        for (let index = 0; index < leafNodes.length; index++) {
          const steps = theirs.getProof(index) as unknown as { bucket: { size: bigint; hashed: Buffer } }[];
          expect(proveInclusion(ours, index)).toEqual(
            steps.map(({ bucket: { size, hashed } }) => ({ size, hash: new Uint8Array(hashed) })),
          );
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is the same from a stream, whose memory grows with the height alone", () => {
    fc.assert(
      fc.property(nodes, (leafNodes) => {
        const { root, total, count } = buildSumTree(leafNodes);
        expect(streamed(leafNodes)).toEqual({ root, total, count });
      }),
    );
  });

  it("refuses empty trees, empty nodes and sums of 2^63", () => {
    const hash = new Uint8Array(32);
    const limit = 2n ** 63n;
    expect(codeOf(() => buildSumTree([]))).toBe("tree.empty");
    expect(codeOf(() => new SumTreeStream().finish())).toBe("tree.empty");
    for (const size of [0n, -1n]) {
      expect(codeOf(() => buildSumTree([{ size, hash }]))).toBe("tree.zero-size");
      expect(codeOf(() => parentNode({ size: 5n, hash }, { size, hash }))).toBe("tree.zero-size");
      expect(codeOf(() => streamed([{ size, hash }]))).toBe("tree.zero-size");
    }
    expect(codeOf(() => buildSumTree([{ size: limit, hash }]))).toBe("tree.overflow");
    expect(codeOf(() => parentNode({ size: limit - 1n, hash }, { size: 1n, hash }))).toBe("tree.overflow");
    expect(parentNode({ size: limit - 2n, hash }, { size: 1n, hash }).size).toBe(limit - 1n);
  });
});

function streamed(leafNodes: readonly SumNode[]) {
  const stream = new SumTreeStream();
  for (const node of leafNodes) stream.push(node);
  return stream.finish();
}
