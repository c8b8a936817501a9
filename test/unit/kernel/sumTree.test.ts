import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededLeafBytes } from "../../../scripts/generate/vectors/seededLeaves.ts";
import { concatBytes } from "../../../src/base/lib/bytes.ts";
import { buildSumTree, leafNode, nodeBytes, type SumTree } from "../../../src/format/batch/sumTree.ts";
import type { Kernel } from "../../../src/kernel/kernel.ts";
import { leafNodes } from "../../../src/kernel/leafNodes.ts";
import { parentNodes } from "../../../src/kernel/parentNodes.ts";
import { rootNode } from "../../../src/kernel/rootNode.ts";
import { firstDifference, KERNELS, seededBytes } from "./support/kernels.ts";
import { leavesWithSizes, nodesWithSizes, setSize } from "./support/sizes.ts";

const TOO_LARGE = 2n ** 63n;
const COUNTS = [...Array.from({ length: 34 }, (_, i) => i + 1), 255, 256, 257, 511, 1000];

describe.each(KERNELS)("leaves and nodes, vectors: $simd", (kernel) => {
  it("make the levels of the format's sum tree, level by level and several at a time", () => {
    for (const count of COUNTS) {
      const leaves = seededLeafBytes("kernel", count);
      const { levels } = buildSumTree(leaves.map(leafNode));
      const bytes = concatBytes(...leaves);
      for (let height = 0; height < levels.length; height++) {
        const level = levelBytes(levels, height);
        const difference = firstDifference(ofLeaves(kernel, bytes, height), level);
        expect({ count, height, difference }).toEqual({ count, height, difference: null });
        if (height === 0) continue;
        expect(firstDifference(ofNodes(kernel, levelBytes(levels, 0), height), level)).toBeNull();
      }
      expect(rootOf(kernel, levelBytes(levels, 0))).toEqual(levelBytes(levels, levels.length - 1));
    }
  });

  it.each([4095, 4096, 4097, 8193, 12_288])("make the same around the window's size: %i", (count) => {
    const leaves = leavesWithSizes(Array.from({ length: count }, (_, i) => BigInt(i + 1)));
    const nodes = Array.from({ length: count }, (_, i) => leafNode(leaves.subarray(i * 179, i * 179 + 179)));
    const { levels } = buildSumTree(nodes);
    for (const height of [0, 1, 8, 12]) {
      expect(firstDifference(ofLeaves(kernel, leaves, height), levelBytes(levels, height))).toBeNull();
    }
    for (const height of [1, 5, 12]) {
      const above = ofNodes(kernel, levelBytes(levels, 0), height);
      expect(firstDifference(above, levelBytes(levels, height))).toBeNull();
    }
    expect(rootOf(kernel, levelBytes(levels, 0))).toEqual(levelBytes(levels, levels.length - 1));
  });

  it("make the same whatever the sizes", () => {
    const sizes = fc.array(fc.bigInt(1n, 2n ** 56n), { minLength: 1, maxLength: 64 });
    fc.assert(
      fc.property(sizes, (list) => {
        const nodes = nodesWithSizes(list);
        const tree = list.map((size, i) => ({ size, hash: nodes.slice(40 * i + 8, 40 * i + 40) }));
        const { levels } = buildSumTree(tree);
        expect(ofNodes(kernel, nodes, 1)).toEqual(levelBytes(levels, 1));
        expect(rootOf(kernel, nodes)).toEqual(levelBytes(levels, levels.length - 1));
      }),
    );
  });

  it("take the place of the nodes below where asked to, and otherwise leave these alone", () => {
    const nodes = nodesWithSizes(Array.from({ length: 9001 }, () => 3n));
    const before = nodes.slice();
    const parents = ofNodes(kernel, nodes, 1);
    expect(firstDifference(nodes, before)).toBeNull();
    expect(parentNodes(kernel, nodes, nodes)).toBeNull();
    expect(firstDifference(nodes.subarray(0, 4501 * 40), parents)).toBeNull();
  });

  it("take leaves and nodes from anywhere in a larger array", () => {
    const nodes = nodesWithSizes([1n, 2n, 3n]);
    const within = concatBytes(new Uint8Array(13), nodes, seededBytes(1, 90));
    expect(ofNodes(kernel, within.subarray(13, 133), 1)).toEqual(ofNodes(kernel, nodes, 1));
  });

  it("of none are none, and none have no root", () => {
    expect(leafNodes(kernel, new Uint8Array(), new Uint8Array(), 12)).toBeNull();
    expect(parentNodes(kernel, new Uint8Array(), new Uint8Array())).toBeNull();
    expect(() => rootNode(kernel, new Uint8Array(), new Uint8Array(40))).toThrow(RangeError);
  });
});

describe.each(KERNELS)("faults, vectors: $simd", (kernel) => {
  it.each([0, 1, 2, 6, 4095, 4096, 8192])("are found in leaf %i", (index) => {
    for (const [size, kind] of [
      [0n, "zero-size"],
      [TOO_LARGE, "too-large"],
      [2n ** 64n - 1n, "too-large"],
    ] as const) {
      const leaves = leavesWithSizes(Array.from({ length: 8193 }, () => 1n));
      setSize(leaves, 179 * index + 161, size);
      const out = new Uint8Array(40 * 8193);
      expect(leafNodes(kernel, leaves, out)).toEqual({ kind, level: 0, index });
      expect(leafNodes(kernel, leaves, out, 8)).toEqual({ kind, level: 0, index });
    }
  });

  it.each([0, 1, 2, 6, 4095, 4096, 8192])("are found in node %i", (index) => {
    for (const [size, kind] of [
      [0n, "zero-size"],
      [TOO_LARGE, "too-large"],
    ] as const) {
      const nodes = nodesWithSizes(Array.from({ length: 8193 }, () => 1n));
      setSize(nodes, 40 * index, size);
      expect(parentNodes(kernel, nodes, new Uint8Array(40 * 8193))).toEqual({ kind, level: 0, index });
      expect(rootNode(kernel, nodes, new Uint8Array(40))).toEqual({ kind, level: 0, index });
    }
  });

  it("are found in a sum, on the level and at the index of the node that it would be", () => {
    const nodes = nodesWithSizes(Array.from({ length: 8192 }, () => 1n));
    setSize(nodes, 40 * 4098, TOO_LARGE - 2n);
    const out = new Uint8Array(40 * 8192);
    // 2^63 - 2 and 1 are still fine, and two more are not.
    expect(parentNodes(kernel, nodes, out)).toBeNull();
    expect(parentNodes(kernel, nodes, out, 2)).toEqual({ kind: "too-large", level: 2, index: 1024 });
    setSize(nodes, 40 * 4099, 2n);
    expect(parentNodes(kernel, nodes, out)).toEqual({ kind: "too-large", level: 1, index: 2049 });
  });

  it("are found in a sum above a window, and in one of two halves", () => {
    const half = 2n ** 62n;
    const nodes = nodesWithSizes(Array.from({ length: 4097 }, (_, i) => (i === 5 || i === 4096 ? half : 1n)));
    expect(rootNode(kernel, nodes, new Uint8Array(40))).toEqual({ kind: "too-large", level: 13, index: 0 });
    const two = nodesWithSizes([half, half]);
    expect(rootNode(kernel, two, new Uint8Array(40))).toEqual({ kind: "too-large", level: 1, index: 0 });
    expect(rootNode(kernel, nodesWithSizes([TOO_LARGE - 1n]), new Uint8Array(40))).toBeNull();
    const one = nodesWithSizes([0n]);
    expect(rootNode(kernel, one, new Uint8Array(40))).toEqual({ kind: "zero-size", level: 0, index: 0 });
  });

  it("in lengths are RangeErrors", () => {
    const out = new Uint8Array(80);
    expect(() => leafNodes(kernel, new Uint8Array(178), out)).toThrow(RangeError);
    expect(() => parentNodes(kernel, new Uint8Array(41), out)).toThrow(RangeError);
    expect(() => parentNodes(kernel, nodesWithSizes([1n, 1n, 1n, 1n, 1n]), out)).toThrow(RangeError);
    for (const height of [-1, 0, 0.5, 13]) {
      expect(() => parentNodes(kernel, nodesWithSizes([1n]), out, height)).toThrow(RangeError);
    }
  });
});

function ofLeaves(kernel: Kernel, leaves: Uint8Array, height: number): Uint8Array {
  const out = new Uint8Array(40 * Math.ceil(leaves.length / 179 / 2 ** height));
  expect(leafNodes(kernel, leaves, out, height)).toBeNull();
  return out;
}

function ofNodes(kernel: Kernel, nodes: Uint8Array, height: number): Uint8Array {
  const out = new Uint8Array(40 * Math.ceil(nodes.length / 40 / 2 ** height));
  expect(parentNodes(kernel, nodes, out, height)).toBeNull();
  return out;
}

function rootOf(kernel: Kernel, nodes: Uint8Array): Uint8Array {
  const out = new Uint8Array(40);
  expect(rootNode(kernel, nodes, out)).toBeNull();
  return out;
}

/** A level of the tree as bytes; above the root there is the root. */
function levelBytes(levels: SumTree["levels"], height: number): Uint8Array {
  return concatBytes(...(levels[Math.min(height, levels.length - 1)] ?? []).map(nodeBytes));
}
