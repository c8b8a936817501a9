import { describe, expect, it } from "vitest";
import { seededLeafBytes } from "../../../../scripts/generate/vectors/seededLeaves.ts";
import { concatBytes } from "../../../../src/base/lib/bytes.ts";
import { buildSumTree, leafNode, type SumTree } from "../../../../src/format/batch/sumTree.ts";
import { leafSize } from "../../../../src/format/batch/leaf.ts";
import { proveInclusion } from "../../../../src/format/proofs/inclusionProof.ts";
import type { SpanProof } from "../../../../src/format/proofs/openSpans.ts";
import { SpanRoot } from "../../../../src/format/proofs/spanRoot.ts";
import { toldCodeOf } from "../support/vectors.ts";

function batch(count: number): { leaves: Uint8Array[]; tree: SumTree } {
  const leaves = seededLeafBytes("span-root", count);
  return { leaves, tree: buildSumTree(leaves.map(leafNode)) };
}
function spanOf({ leaves, tree }: ReturnType<typeof batch>, first: number, last: number): SpanProof {
  const end = (index: number) => ({
    index,
    leaf: leaves[index] as Uint8Array,
    steps: proveInclusion(tree, index),
  });
  return first === last ? { first: end(first) } : { first: end(first), last: end(last) };
}
/** The leaves of a span in pieces of so many. */
const pieces = (leaves: readonly Uint8Array[], size: number) =>
  Array.from({ length: Math.ceil(leaves.length / size) }, (_, i) =>
    concatBytes(...leaves.slice(i * size, (i + 1) * size)),
  );

describe("the leaves of a span, held against the root while they come in", () => {
  it("lead to it wherever the span begins and ends, in pieces of any size", () => {
    const large = batch(800);
    const spans: [ReturnType<typeof batch>, number, number][] = [1, 2, 3, 5, 8].flatMap((count) => {
      const small = batch(count);
      return Array.from({ length: count * count }, (_, i): [typeof small, number, number] => [
        small,
        Math.floor(i / count),
        i % count,
      ]).filter(([, first, last]) => first <= last);
    });
    for (const first of [0, 1, 255, 256, 257]) spans.push([large, first, 799], [large, first, 600]);
    for (const [one, first, last] of spans) {
      const { leaves, tree } = one;
      const some = leaves.slice(first, last + 1);
      for (const size of [1, 3, 256, 300, 800]) {
        const root = new SpanRoot(tree, spanOf(one, first, last));
        expect(root.before).toBe(leaves.slice(0, first).reduce((sum, leaf) => sum + leafSize(leaf), 0n));
        for (const piece of pieces(some, size)) root.add(piece);
        expect([tree.count, first, last, size, toldCodeOf(() => root.end())]).toEqual([
          tree.count,
          first,
          last,
          size,
          "accepted",
        ]);
      }
    }
  });

  it("lead elsewhere where one is another, lighter or missing", () => {
    const one = batch(600);
    const leaves = one.leaves.slice(3, 590);
    const verdict = (changed: readonly Uint8Array[]) => {
      const root = new SpanRoot(one.tree, spanOf(one, 3, 589));
      for (const piece of pieces(changed, 280)) root.add(piece);
      return toldCodeOf(() => root.end());
    };
    expect(verdict(leaves)).toBe("accepted");
    const flipped = (at: number, byte: number) =>
      leaves.with(
        at,
        (leaves[at] as Uint8Array).with(byte, ((leaves[at] as Uint8Array)[byte] as number) ^ 1),
      );
    for (const at of [0, 252, 253, 300, 586]) {
      expect([at, verdict(flipped(at, 1))]).toEqual([at, "proof.root"]);
      expect([at, verdict(flipped(at, 168))]).toEqual([at, "proof.total"]);
    }
    expect(verdict([leaves[1] as Uint8Array, leaves[0] as Uint8Array, ...leaves.slice(2)])).toBe(
      "proof.root",
    );
  });
});
