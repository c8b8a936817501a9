import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { theirTree } from "../../../scripts/generate/vectors/merkletreejs.ts";
import { toHex } from "../../../src/base/lib/bytes.ts";
import { ArchiveStream } from "../../../src/format/archive/archiveStream.ts";
import { LEAF_BYTES } from "../../../src/format/batch/leaf.ts";
import { buildSumTree, leafNode, nodeBytes, type SumTree } from "../../../src/format/batch/sumTree.ts";
import { SumTreeStream } from "../../../src/format/batch/sumTreeStream.ts";
import { proveInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { Kernel } from "../../../src/kernel/kernel.ts";
import { leafNodes } from "../../../src/kernel/leafNodes.ts";
import { rootNode } from "../../../src/kernel/rootNode.ts";
import { HashWorkers } from "../../../src/kernel/workers/hashWorkers.ts";
import { leavesWithSizes } from "../../unit/kernel/support/sizes.ts";
import { commit, freshSystem, type System } from "../support/system.ts";

const SIMD = new Kernel({ simd: true });
const SCALAR = new Kernel({ simd: false });
let workers: HashWorkers;
let system: System;
let lastBatchId = 5_000n;
beforeAll(async () => {
  workers = await HashWorkers.start(2);
  system = await freshSystem();
});
afterAll(() => workers.close());

describe("every way to a batch's root", () => {
  it("leads to the same one, merkletreejs' and the registry's among them", async () => {
    const sizes = fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 300 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.nat(), fc.integer({ min: 1, max: 97 }), async (list, pick, piece) => {
        const leaves = leavesWithSizes(list);
        const tree = buildSumTree(pieces(leaves).map(leafNode));
        expect(await ourRoots(leaves, piece)).toEqual(alike(tree));
        const theirs = theirTree(pieces(leaves).map(leafNode)).root;
        expect(toHex(nodeBytes({ size: theirs.size.valueOf(), hash: theirs.hashed }))).toBe(rootOf(tree));
        await expectRegistryAgrees(tree, leaves, new Set([0, list.length - 1, pick % list.length]));
      }),
      { numRuns: 20 },
    );
  });

  it.each([4095, 4096, 4097, 20_000])("leads to the same one for %i leaves", async (count) => {
    const leaves = leavesWithSizes(
      Array.from({ length: count }, (_, i) => BigInt(1 + ((i * 7919) % 100_003))),
    );
    const tree = buildSumTree(pieces(leaves).map(leafNode));
    expect(await ourRoots(leaves, 1000)).toEqual(alike(tree));
    await expectRegistryAgrees(tree, leaves, new Set([0, 1, Math.floor(count / 3), count - 1]));
  });
});

const rootOf = ({ root, total }: SumTree): string => toHex(nodeBytes({ hash: root, size: total }));
const alike = (tree: SumTree) => {
  const root = rootOf(tree);
  return { streaming: root, archive: root, parallel: root, simd: root, scalar: root };
};

/** By streams that take `piece` leaves at a time, by two workers, and by both builds of the kernel. */
async function ourRoots(leaves: Uint8Array, piece: number): Promise<ReturnType<typeof alike>> {
  const stream = new SumTreeStream();
  const archive = new ArchiveStream({ write: () => Promise.resolve() });
  for (let at = 0; at < leaves.length; at += piece * LEAF_BYTES) {
    stream.pushLeaves(leaves.subarray(at, at + piece * LEAF_BYTES));
    await archive.push(leaves.subarray(at, at + piece * LEAF_BYTES));
  }
  const [streamed, archived] = [stream.finish(), await archive.finish()];
  const nodes = new Uint8Array(40 * Math.ceil(leaves.length / LEAF_BYTES / 4096));
  expect(await workers.leafNodes(leaves, nodes, 12)).toBeNull();
  return {
    streaming: toHex(nodeBytes({ hash: streamed.root, size: streamed.total })),
    archive: toHex(nodeBytes({ hash: archived.root, size: archived.total })),
    parallel: rootAbove(SIMD, nodes),
    simd: kernelRoot(SIMD, leaves),
    scalar: kernelRoot(SCALAR, leaves),
  };
}

function kernelRoot(kernel: Kernel, leaves: Uint8Array): string {
  const nodes = new Uint8Array((40 * leaves.length) / LEAF_BYTES);
  expect(leafNodes(kernel, leaves, nodes)).toBeNull();
  return rootAbove(kernel, nodes);
}

function rootAbove(kernel: Kernel, nodes: Uint8Array): string {
  const root = new Uint8Array(40);
  expect(rootNode(kernel, nodes, root)).toBeNull();
  return toHex(root);
}

/** The registry computes the root anew from each of these leaves, and refuses any other. */
async function expectRegistryAgrees(
  tree: SumTree,
  leaves: Uint8Array,
  indices: ReadonlySet<number>,
): Promise<void> {
  lastBatchId += 1n;
  await commit(system, {
    batchId: lastBatchId,
    previousBatchId: await system.batches.headOf(system.operator.address),
    root: toHex(tree.root),
    totalMilligrams: tree.total,
    leafCount: tree.count,
    bufferMilligrams: 0n,
  });
  for (const index of indices) {
    const siblings = proveInclusion(tree, index).map(({ size, hash }) => ({ size, hash: toHex(hash) }));
    const leaf = pieces(leaves)[index] as Uint8Array;
    const [start, end] = await system.batches.verifyLeaf(lastBatchId, leaf, index, siblings);
    expect(end - start).toBe(leafNode(leaf).size);
  }
}

function pieces(leaves: Uint8Array): Uint8Array[] {
  return Array.from({ length: leaves.length / LEAF_BYTES }, (_, i) =>
    leaves.subarray(LEAF_BYTES * i, LEAF_BYTES * (i + 1)),
  );
}
