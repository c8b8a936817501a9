import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { ActivityKey, MethodologyId } from "../../../src/base/types/ids.ts";
import type { Day, Milligrams } from "../../../src/base/types/quantities.ts";
import { proveInclusion, verifyInclusion } from "../../../src/format/proofs/inclusionProof.ts";
import { encodeLeaf, LAST_ACTIVITY_KEY } from "../../../src/format/batch/leaf.ts";
import { buildSumTree, leafNode, type SumTree } from "../../../src/format/batch/sumTree.ts";
import { refusal } from "../support/refusal.ts";
import { madeUpLeaf } from "../support/madeUpProof.ts";
import { commit, freshSystem, type System } from "../support/system.ts";

const keyAt = (index: number): Uint8Array => new Uint8Array(32).fill(0).with(1, index + 1);

function leavesOf(sizes: readonly bigint[]): Uint8Array[] {
  return sizes.map((size, index) =>
    encodeLeaf({
      activityKey: keyAt(index) as ActivityKey,
      nextActivityKey: index + 1 === sizes.length ? LAST_ACTIVITY_KEY : keyAt(index + 1),
      methodologyId: `0x${"aa".repeat(32)}` as MethodologyId,
      holderCommitment: new Uint8Array(32).fill(index),
      recordHash: new Uint8Array(32).fill(7),
      milligrams: size as Milligrams,
      day: 20_000 as Day,
      scenarioClass: 1,
      providerIndex: 0,
    }),
  );
}

/** A batch committed on chain over the tree of these sizes. */
async function committed(
  system: System,
  sizes: readonly bigint[],
  batchId: bigint,
): Promise<{ tree: SumTree; leaves: Uint8Array[] }> {
  const leaves = leavesOf(sizes);
  const tree = buildSumTree(leaves.map(leafNode));
  const previousBatchId = await system.batches.headOf(system.operator.address);
  const shape = {
    root: toHex(tree.root),
    totalMilligrams: tree.total,
    leafCount: tree.count,
    bufferMilligrams: 0n,
  };
  await commit(system, { batchId, previousBatchId, ...shape });
  return { tree, leaves };
}

const siblingsOf = (tree: SumTree, index: number) =>
  proveInclusion(tree, index).map(({ size, hash }) => ({ size, hash: toHex(hash) }));

describe("the registry's leaf proofs", () => {
  it("agree with the format's own on trees of any shape", async () => {
    const system = await freshSystem();
    let batchId = 1_000n;
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.bigInt(1n, 10n ** 12n), { minLength: 1, maxLength: 40 }),
        fc.nat(),
        async (sizes, pick) => {
          batchId += 1n;
          const { tree, leaves } = await committed(system, sizes, batchId);
          const index = pick % sizes.length;
          const leaf = leaves[index] as Uint8Array;
          const [start, end] = await system.batches.verifyLeaf(batchId, leaf, index, siblingsOf(tree, index));
          expect({ start, end }).toEqual(
            verifyInclusion(tree, { index, leaf, steps: proveInclusion(tree, index) }),
          );
        },
      ),
      { numRuns: 25 },
    );
  });

  it("hold in a batch of a million leaves, each of them there", async () => {
    const system = await freshSystem();
    const [CHUNK, CHUNKS] = [1_024, 1_024];
    const sizeAt = (index: number) => BigInt(1 + ((index * 7_919) % 100_003));
    // Whole subtrees of a power of two hang under the top just as single leaves do, so the tree fits in
    // memory chunk by chunk.
    const chunk = (at: number) =>
      buildSumTree(
        Array.from({ length: CHUNK }, (_, i) => leafNode(madeUpLeaf(at * CHUNK + i, sizeAt(at * CHUNK + i)))),
      );
    const index = 777_777;
    const top = buildSumTree(
      Array.from({ length: CHUNKS }, (_, at) => {
        const { root, total } = chunk(at);
        return { hash: root, size: total };
      }),
    );
    const siblings = [
      ...siblingsOf(chunk(Math.floor(index / CHUNK)), index % CHUNK),
      ...siblingsOf(top, Math.floor(index / CHUNK)),
    ];
    expect(siblings).toHaveLength(20);
    await commit(system, {
      root: toHex(top.root),
      totalMilligrams: top.total,
      leafCount: CHUNK * CHUNKS,
      bufferMilligrams: 0n,
    });

    let before = 0n;
    for (let i = 0; i < index; i += 1) before += sizeAt(i);
    const leaf = madeUpLeaf(index, sizeAt(index));
    const proved = await system.batches.verifyLeaf(7n, leaf, index, siblings);
    expect([...proved]).toEqual([before, before + sizeAt(index)]);
    await expect(refusal(system.batches.verifyLeaf(7n, leaf, index + 1, siblings))).resolves.toMatch(
      /^RootMismatch\(/,
    );
    await expect(refusal(system.batches.verifyLeaf(7n, leaf, index, siblings.slice(1)))).resolves.toBe(
      "ProofLengthWrong(19)",
    );
  });

  it("name what is wrong with a bad one", async () => {
    const system = await freshSystem();
    const { batches } = system;
    const { tree, leaves } = await committed(system, [5n, 6n, 7n], 1n);
    const [leaf, second] = leaves as [Uint8Array, Uint8Array];
    const good = siblingsOf(tree, 0);
    const [sibling] = good as [{ size: bigint; hash: string }];
    const refused = async (
      bytes: Uint8Array,
      index: number,
      siblings: { size: bigint; hash: string }[],
      id = 1n,
    ) => refusal(batches.verifyLeaf(id, bytes, index, siblings));
    await expect(refused(leaf, 0, good, 2n)).resolves.toBe("BatchUnknown(2)");
    await expect(refused(leaf.subarray(0, 178), 0, good)).resolves.toBe("LeafLengthWrong(178)");
    await expect(refused(leaf.with(0, 2), 0, good)).resolves.toBe("LeafVersionUnknown(0x02)");
    await expect(refused(leaf, 3, good)).resolves.toBe("LeafIndexOutOfRange(3,3)");
    await expect(refused(leaf, 0, good.slice(1))).resolves.toBe("ProofLengthWrong(1)");
    await expect(refused(leaf, 0, [...good, sibling])).resolves.toBe("ProofLengthWrong(3)");
    await expect(refused(leaf, 0, [{ ...sibling, size: 0n }, ...good.slice(1)])).resolves.toBe(
      "NodeSizeOutOfRange(1,0)",
    );
    await expect(refused(leaf, 0, [{ ...sibling, size: 2n ** 63n }, ...good.slice(1)])).resolves.toBe(
      `NodeSizeOutOfRange(1,${String(2n ** 63n)})`,
    );
    await expect(refused(leaf, 0, [{ ...sibling, size: 2n ** 63n - 5n }, ...good.slice(1)])).resolves.toBe(
      `NodeSizeOutOfRange(2,${String(2n ** 63n + 7n)})`,
    );
    await expect(refused(leaf.fill(0, 161, 169), 0, good)).resolves.toBe("NodeSizeOutOfRange(0,0)");
    await expect(refused(second, 0, good)).resolves.toBe("TotalMismatch(19,18)");
    await expect(refused(second.with(168, 5), 0, good)).resolves.toMatch(/^RootMismatch\(/);
  });
});

describe("the registry's absence proofs", () => {
  it("show keys between two leaves, below the first and above the last, and no others", async () => {
    const system = await freshSystem();
    const { tree, leaves } = await committed(system, [5n, 6n, 7n], 1n);
    const isAbsent = async (key: Uint8Array, index: number) =>
      system.batches.verifyAbsence(
        1n,
        toHex(key),
        leaves[index] as Uint8Array,
        index,
        siblingsOf(tree, index),
      );
    const after = (index: number) => keyAt(index).with(31, 1);
    await expect(isAbsent(after(0), 0)).resolves.toBe(true);
    await expect(isAbsent(after(1), 1)).resolves.toBe(true);
    await expect(isAbsent(after(2), 2)).resolves.toBe(true);
    await expect(isAbsent(new Uint8Array(32), 0)).resolves.toBe(true);
    await expect(isAbsent(keyAt(1), 0)).resolves.toBe(false);
    await expect(isAbsent(keyAt(1), 1)).resolves.toBe(false);
    await expect(isAbsent(after(1), 0)).resolves.toBe(false);
    await expect(isAbsent(after(0), 1)).resolves.toBe(false);
    await expect(isAbsent(LAST_ACTIVITY_KEY, 2)).resolves.toBe(false);
    await expect(
      refusal(
        system.batches.verifyAbsence(9n, toHex(after(0)), leaves[0] as Uint8Array, 0, siblingsOf(tree, 0)),
      ),
    ).resolves.toBe("BatchUnknown(9)");
    await expect(
      refusal(
        system.batches.verifyAbsence(1n, toHex(after(0)), leaves[0] as Uint8Array, 1, siblingsOf(tree, 0)),
      ),
    ).resolves.toMatch(/^RootMismatch\(/);
  });
});
