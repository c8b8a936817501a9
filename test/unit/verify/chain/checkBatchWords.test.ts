import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Address, Hex } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import {
  batchSlots,
  decodeBatchWords,
  SUSPENSION_CAUSES,
} from "../../../../src/format/onchain/storageLayout.ts";
import type { Manifest } from "../../../../src/format/batch/manifest.ts";
import type { Manifest1 } from "../../../../src/format/v1/manifest.ts";
import { strikesHashOf, type Strike } from "../../../../src/format/batch/strikes.ts";
import type { ChainBatch } from "../../../../src/verify/chain/chainState.ts";
import { checkBatchWords } from "../../../../src/verify/chain/checkBatchWords.ts";
import { suspensionSentences } from "../../../../src/verify/sentences/standingSentences.ts";
import { codeOf } from "../../format/support/vectors.ts";
import { sampleAddress, sampleBatch } from "../support/sampleBatch.ts";
import { ATTESTERS, starts } from "../support/sampleProof.ts";
import { batchWords, type BatchChange } from "../support/sampleState.ts";

const batch = sampleBatch("words", 23);
const { batchId, manifest } = batch;
const begins = starts(batch);
const strikeOf = (index: number): Strike => ({
  index,
  start: begins[index] as Milligrams,
  end: begins[index + 1] as Milligrams,
});

/** What the registry would keep, by the words themselves. */
function onChain(change: BatchChange = {}): ChainBatch {
  const words = batchWords(batch, change);
  const read = batchSlots(batchId, manifest).map((slot) => words.get(slot) as Hex);
  return { words: decodeBatchWords(read.slice(0, -1)), batchOfRoot: read.at(-1) as Hex };
}

function faultOf(
  kept: ChainBatch,
  strikes: readonly Strike[],
  attesters: readonly Address[] | null = ATTESTERS,
): string {
  return codeOf(() => checkBatchWords({ batchId, manifest, strikes, attesters }, kept, null));
}

function struckBy(list: readonly Strike[]): ChainBatch {
  const struck = list.reduce((sum, { start, end }) => sum + end - start, 0n);
  return onChain({
    strikesHash: strikesHashOf(list),
    struck,
    minted: batch.tree.total - struck,
    retired: 0n,
  });
}

describe("the list of strikes", () => {
  const lists = fc
    .shuffledSubarray([...batch.leaves.keys()], { minLength: 1 })
    .map((order) => order.map(strikeOf));

  it("is taken as the registry has it, of any length and in any order of leaves", () => {
    fc.assert(
      fc.property(lists, (list) => {
        expect(faultOf(struckBy(list), list)).toBe("accepted");
      }),
    );
  });

  it("is refused with one left out, two exchanged, one more, or any number of it another", () => {
    const bends: ((list: readonly Strike[], at: number, by: number) => readonly Strike[])[] = [
      (list, at) => list.toSpliced(at, 1),
      (list, at) => list.toSpliced(at, 0, list[at] as Strike),
      (list, at) =>
        list.length < 2 ? [] : list.toSpliced(at, 1).toSpliced((at + 1) % list.length, 0, list[at] as Strike),
      (list, at, by) => list.with(at, { ...(list[at] as Strike), index: (list[at] as Strike).index + by }),
      (list, at, by) =>
        list.with(at, {
          ...(list[at] as Strike),
          start: ((list[at] as Strike).start + BigInt(by)) as Milligrams,
        }),
      (list, at, by) =>
        list.with(at, {
          ...(list[at] as Strike),
          end: ((list[at] as Strike).end + BigInt(by)) as Milligrams,
        }),
      () => [],
    ];
    fc.assert(
      fc.property(
        lists,
        fc.constantFrom(...bends),
        fc.nat(),
        fc.integer({ min: 1, max: 1000 }),
        (list, bend, place, by) => {
          expect(faultOf(struckBy(list), bend(list, place % list.length, by))).toBe("verify.strikes");
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("the attesters", () => {
  it("must be those behind the registry's hash, all and no others; not to name them is no fault", () => {
    expect(faultOf(onChain(), [])).toBe("accepted");
    expect(faultOf(onChain(), [], null)).toBe("accepted");
    const [first, second] = ATTESTERS as [Address, Address];
    for (const named of [
      [],
      [first],
      [second],
      [first, second, sampleAddress("x")],
      [first, first],
      [first, sampleAddress("x")],
    ])
      expect(faultOf(onChain(), [], named)).toBe("verify.provenance");
  });
});

describe("a batch of the first format", () => {
  const old = { ...manifest, format: "microtonne-batch/1" } as unknown as Manifest1;
  const inLayoutOf = (format: Manifest["format"]): ChainBatch => {
    const words = batchWords({ batchId, manifest: format === old.format ? old : manifest });
    const read = batchSlots(batchId, { root: manifest.root, format }).map((slot) => words.get(slot) as Hex);
    return { words: decodeBatchWords(read.slice(0, -1)), batchOfRoot: read.at(-1) as Hex };
  };
  const heldAgainst = (one: Manifest, kept: ChainBatch): string =>
    codeOf(() => checkBatchWords({ batchId, manifest: one, strikes: [], attesters: ATTESTERS }, kept, null));

  it("is held against its six words, each format's against its own", () => {
    expect(inLayoutOf("microtonne-batch/1").words.terms).toBeNull();
    expect(heldAgainst(old, inLayoutOf("microtonne-batch/1"))).toBe("accepted");
    expect(heldAgainst(manifest, inLayoutOf("microtonne-batch/2"))).toBe("accepted");
    expect(heldAgainst(manifest, inLayoutOf("microtonne-batch/1"))).toBe("verify.batch-category");
    expect(heldAgainst(old, inLayoutOf("microtonne-batch/2"))).toBe("verify.provenance");
  });
});

describe("what stands against a batch", () => {
  const whole = { suspension: [], shortfall: 0n as Milligrams, openDisputes: 0 };

  it("is nothing where it moves freely", () => {
    expect(suspensionSentences(whole)).toEqual([]);
  });

  it("is said cause by cause, with what is owed and how many disputes are open", () => {
    for (const cause of SUSPENSION_CAUSES)
      expect(suspensionSentences({ ...whole, suspension: [cause] })[0]).toMatch(
        new RegExp(`^WARNING: the batch is suspended: ${cause} \\(.+\\)\\.`),
      );
    const all = suspensionSentences({
      suspension: SUSPENSION_CAUSES,
      shortfall: 7n as Milligrams,
      openDisputes: 2,
    });
    expect(all).toHaveLength(3);
    expect(all[0]).toContain("shortfall (more was struck than was left unminted), broken-link (");
    expect(all[1]).toContain("owes 7 mg");
    expect(all[2]).toContain("2 of the disputes about the batch are open");
  });
});
