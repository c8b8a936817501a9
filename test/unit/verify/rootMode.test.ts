import { keccak_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { MerkleSumTree } from "merkletreejs";
import { describe, expect, it } from "vitest";
import { toHex } from "../../../src/base/lib/bytes.ts";
import type { Hex } from "../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { decodeLeaf, encodeLeaf } from "../../../src/format/batch/leaf.ts";
import type { Trust } from "../../../src/verify/trust.ts";
import { sampleBatch, sampleWord, type SampleBatch } from "./support/sampleBatch.ts";
import {
  actFile,
  actsPart,
  partUnder,
  rangePart,
  retirementFile,
  sampleRetirement,
  starts,
} from "./support/sampleProof.ts";
import { code, verifyFile } from "./support/verifyFile.ts";

const batch = sampleBatch("proof", 23);
const begins = starts(batch);
const [start, end] = [(begins[3] as bigint) + 5n, (begins[9] as bigint) - 7n];
const record = sampleRetirement([{ batch, start, end }]);
const retirement = retirementFile(record, [partUnder(batch, start, end)]);
const act = actFile(actsPart(batch, [4]));
const named: Trust = { mode: "root", batches: [{ batchId: batch.batchId }] };

describe("with batches that the verifier names", () => {
  it("a batch id anchors acts and says that retirement was not checked", async () => {
    const verdict = await verifyFile(retirement, named);
    expect(verdict.mode).toBe("root");
    expect(verdict.notChecked[0]).toContain("minted, retired or struck");
    expect(verdict.notChecked[0]).toContain("NOT checked");
    expect(verdict.notChecked.join(" ")).toContain("no other batch counts the same acts");
  });

  it("root, total and count anchor the leaves but not the manifest, and the verdict says so", async () => {
    const tree = { root: toHex(batch.tree.root), total: batch.tree.total, count: 23 };
    expect((await verifyFile(act, { mode: "root", batches: [tree] })).notChecked.join(" ")).toContain(
      "prover's word",
    );
    expect((await verifyFile(act, named)).notChecked.join(" ")).not.toContain("prover's word");
  });

  it.each<[string, Trust]>([
    ["another id", { mode: "root", batches: [{ batchId: toHex(sampleWord("id")) as never }] }],
    [
      "another root",
      { mode: "root", batches: [{ root: toHex(sampleWord("r")), total: batch.tree.total, count: 23 }] },
    ],
    [
      "another total",
      {
        mode: "root",
        batches: [{ root: toHex(batch.tree.root), total: (batch.tree.total - 1n) as Milligrams, count: 23 }],
      },
    ],
    [
      "another count",
      { mode: "root", batches: [{ root: toHex(batch.tree.root), total: batch.tree.total, count: 24 }] },
    ],
    ["none at all", { mode: "root", batches: [] }],
  ])("%s is refused", async (_, trust) => {
    await expect(verifyFile(act, trust)).rejects.toThrow(code("verify.root"));
  });

  it("every batch of the file must be named", async () => {
    const other = sampleBatch("other", 8);
    const both = actFile(actsPart(batch, [1]), actsPart(other, [1]));
    await expect(verifyFile(both, named)).rejects.toThrow(code("verify.root"));
  });

  it("a batch made anew from the same leaves is another batch", async () => {
    const again = sampleBatch("proof", 23, { manifest: { createdAt: 1 as never } });
    await expect(verifyFile(actFile(actsPart(again, [4])), named)).rejects.toThrow(code("verify.root"));
  });
});

describe("random batches", () => {
  const someBatch = fc.record({ seed: fc.string({ maxLength: 8 }), count: fc.integer({ min: 1, max: 40 }) });
  const share = fc.double({ min: 0, max: 1, noNaN: true });

  it("verify for any range, and their root is that of merkletreejs", async () => {
    await fc.assert(
      fc.asyncProperty(someBatch, share, share, async ({ seed, count }, a, b) => {
        const made = sampleBatch(seed, count);
        const [from, to] = [a, b]
          .map((at) => (made.tree.total * BigInt(Math.floor(at * 1e6))) / 1_000_001n)
          .toSorted((x, y) => (x < y ? -1 : 1)) as [bigint, bigint];
        const file = retirementFile(sampleRetirement([{ batch: made, start: from, end: to + 1n }]), [
          partUnder(made, from, to + 1n),
        ]);
        const { facts } = await verifyFile(file, { mode: "root", batches: [{ batchId: made.batchId }] });
        expect(facts.retirement?.milligrams).toBe((to + 1n - from).toString());
        expect(facts.batches[0]?.root).toBe(merkletreejsRoot(made));
      }),
      { numRuns: 60 },
    );
  });

  it("don't verify where a leaf of the range is changed, whatever is changed in it", async () => {
    await fc.assert(
      fc.asyncProperty(
        someBatch,
        fc.nat(),
        fc.constantFrom("milligrams", "day", "providerIndex", "recordHash", "activityKey"),
        async ({ seed, count }, at, field) => {
          const made = sampleBatch(seed, count);
          const index = at % count;
          const leaf = decodeLeaf(made.leaves[index] as Uint8Array);
          const value = {
            milligrams: leaf.milligrams + 1n,
            day: leaf.day + 1,
            providerIndex: leaf.providerIndex + 1,
            recordHash: sampleWord("r"),
            activityKey: sampleWord("k"),
          };
          const bytes = encodeLeaf({ ...leaf, [field]: value[field] });
          const part = rangePart(made, 0, count - 1);
          const [range] = part.ranges ?? [];
          const leaves = made.leaves.map((one, i) => (i === index ? bytes : one));
          const file = retirementFile(sampleRetirement([{ batch: made, start: 0n, end: made.tree.total }]), [
            { ...part, ranges: [{ first: 0, steps: range?.steps ?? [], leaves }] },
          ]);
          await expect(verifyFile(file)).rejects.toThrow(code(/^proof\./));
        },
      ),
      { numRuns: 60 },
    );
  });
});

/**
 * The root by an independent tree. merkletreejs does not export its leaf class: this has what its tree asks
 * for.
 */
function merkletreejsRoot({ leaves }: SampleBatch): Hex {
  const hash = (data: Uint8Array) => Buffer.from(keccak_256(data));
  let at = 0n;
  const placed = leaves.map((bytes) => {
    const size = Buffer.from(bytes).readBigUInt64BE(161);
    const rng = [at, (at += size)];
    return { rng, getBucket: () => ({ size, hashed: hash(bytes), parent: null, left: null, right: null }) };
  });
  return toHex(
    new Uint8Array(new MerkleSumTree(placed as never, hash as (data: unknown) => Buffer).root.hashed),
  );
}
