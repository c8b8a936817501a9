import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { HashWorkers } from "../../../../src/kernel/workers/hashWorkers.ts";
import { Kernel } from "../../../../src/kernel/kernel.ts";
import { leafNodes } from "../../../../src/kernel/leafNodes.ts";
import { rootNode } from "../../../../src/kernel/rootNode.ts";
import { buildSumTree, leafNode, nodeBytes } from "../../../../src/format/batch/sumTree.ts";
import { SumTreeStream } from "../../../../src/format/batch/sumTreeStream.ts";
import { leavesWithSizes } from "../../kernel/support/sizes.ts";
import { codeOf } from "../support/vectors.ts";

let workers: HashWorkers;
beforeAll(async () => {
  workers = await HashWorkers.start(2);
});
afterAll(() => workers.close());

describe("the root of a stream of leaves", () => {
  it("is that of the whole tree, of workers, and of both builds, whatever the pieces", async () => {
    const counts = fc.oneof(
      fc.integer({ min: 1, max: 300 }),
      fc.constantFrom(4095, 4096, 4097, 8192, 12_289),
    );
    await fc.assert(
      fc.asyncProperty(counts, fc.integer({ min: 1, max: 5000 }), async (count, piece) => {
        const leaves = leavesWithSizes(Array.from({ length: count }, (_, i) => BigInt(1 + (i % 97))));
        const parts = Array.from({ length: count }, (_, i) => leaves.subarray(i * 179, i * 179 + 179));
        const { root, total } = buildSumTree(parts.map(leafNode));
        const expected = nodeBytes({ hash: root, size: total });
        const stream = new SumTreeStream();
        for (let at = 0; at < leaves.length; at += piece * 179) {
          stream.pushLeaves(leaves.subarray(at, at + piece * 179));
        }
        expect(stream.finish()).toEqual({ root, total, count });
        const nodes = new Uint8Array(40 * Math.ceil(count / 4096));
        const found = new Uint8Array(40);
        for (const kernel of [new Kernel(), new Kernel({ simd: false })]) {
          leafNodes(kernel, leaves, nodes, 12);
          rootNode(kernel, nodes, found);
          expect(found).toEqual(expected);
          await workers.leafNodes(leaves, nodes.fill(0), 12);
          rootNode(kernel, nodes, found);
          expect(found).toEqual(expected);
        }
      }),
      { numRuns: 25 },
    );
  });

  it("may be asked for before the last leaf", () => {
    const leaves = leavesWithSizes(Array.from({ length: 5000 }, () => 2n));
    const stream = new SumTreeStream();
    stream.pushLeaves(leaves.subarray(0, 4500 * 179));
    expect(stream.finish().total).toBe(9000n);
    stream.pushLeaves(leaves.subarray(4500 * 179));
    const whole = new SumTreeStream();
    whole.pushLeaves(leaves);
    expect(stream.finish()).toEqual(whole.finish());
  });

  it("is refused for leaves that no tree may have", () => {
    const limit = 2n ** 63n;
    const pushed = (sizes: readonly bigint[]) => () => {
      const stream = new SumTreeStream();
      stream.pushLeaves(leavesWithSizes(sizes));
      return stream.finish();
    };
    expect(codeOf(pushed([1n, 0n]))).toBe("leaf.zero-size");
    expect(codeOf(pushed([1n, limit]))).toBe("leaf.too-large");
    expect(codeOf(pushed([1n, limit - 1n]))).toBe("tree.overflow");
    expect(codeOf(() => new SumTreeStream().pushLeaves(new Uint8Array(178)))).toBe("leaf.length");
    // As long as 2^32 leaves, without their bytes.
    const tooMany = { length: 179 * 2 ** 32 } as Uint8Array;
    expect(codeOf(() => new SumTreeStream().pushLeaves(tooMany))).toBe("tree.too-many");
    const after = new SumTreeStream();
    after.pushLeaves(leavesWithSizes([1n]));
    expect(codeOf(() => after.pushLeaves({ length: 179 * (2 ** 32 - 1) } as Uint8Array))).toBe(
      "tree.too-many",
    );
    const other = leavesWithSizes([1n, 1n]).with(179, 2);
    expect(codeOf(() => new SumTreeStream().pushLeaves(other))).toBe("leaf.version");
  });
});
