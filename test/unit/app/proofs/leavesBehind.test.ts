import fc from "fast-check";
import { expect, it } from "vitest";
import { leavesBehind } from "../../../../src/app/proofs/leavesBehind.ts";
import { listLeaves } from "../../../../src/app/proofs/listLeaves.ts";
import { spanLeaves } from "../../../../src/app/proofs/spanLeaves.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { Archive } from "../../../../src/format/archive/readArchive.ts";
import type { Strike } from "../../../../src/format/batch/strikes.ts";
import { leavesIn } from "../../../../src/format/proofs/liveRuns.ts";
import { checkPart, checkReadPart, type CheckedLeaf } from "../../../../src/verify/parts/checkPart.ts";
import { readSpans } from "../../../../src/verify/readSpans.ts";
import { checkLine, ListedLine } from "../../../../src/verify/parts/retiredLines.ts";
import { sampleArchive } from "../../verify/support/sampleArchive.ts";
import { sampleBatch } from "../../verify/support/sampleBatch.ts";
import { starts } from "../../verify/support/sampleProof.ts";

const batch = sampleBatch("behind", 24);
const begins = starts(batch);
const total = batch.tree.total;
const { source } = await sampleArchive(batch);
const archive = new Archive(source, batch.manifest);

const strikeOf = (index: number): Strike => ({
  index,
  start: begins[index] as Milligrams,
  end: begins[index + 1] as Milligrams,
});
const mg = (value: bigint) => value as Milligrams;
const sizeOf = (list: readonly Strike[]) => list.reduce((sum, { start, end }) => sum + end - start, 0n);

it("without strikes, the leaves behind a range are one run", async () => {
  const none = { strikes: [], covered: mg(0n) };
  const { runs } = await leavesBehind(archive, none, {
    start: mg((begins[3] as bigint) + 1n),
    end: mg(begins[6] as bigint),
  });
  const ranges = await listLeaves(archive, runs);
  expect(ranges.map(({ first, leaves }) => [first, leaves.length])).toEqual([[3, 3]]);
});

it("where nothing stands behind a range, there are no leaves", async () => {
  const list = { strikes: [strikeOf(3)], covered: mg(0n) };
  expect(
    await leavesBehind(archive, list, {
      start: mg((begins[3] as bigint) + 1n),
      end: mg(begins[4] as bigint),
    }),
  ).toEqual({ ends: [], runs: [] });
});

it("after any strikes and covers, a verifier finds all leaves of any range and no other", async () => {
  const histories = fc.record({
    order: fc.shuffledSubarray([...batch.leaves.keys()], { maxLength: 8 }),
    share: fc.nat(100),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    to: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(histories, async ({ order, share, from, to }) => {
      const strikes = order.map(strikeOf);
      const covered = mg((sizeOf(strikes) * BigInt(share)) / 100n);
      const minted = total - covered;
      const [start, last] = [from, to]
        .map((at) => (minted * BigInt(Math.floor(at * 1e6))) / 1_000_001n)
        .toSorted((a, b) => (a < b ? -1 : 1));
      const positions = { start: mg(start as bigint), end: mg((last as bigint) + 1n) };
      const { ends, runs } = await leavesBehind(archive, { strikes, covered }, positions);
      const ranges = await listLeaves(archive, runs);
      const { batchId, manifest } = batch;
      const part = checkPart({ batchId, manifest, ranges, strikes }, null);
      const line = { batchId, ...positions };
      const { backing } = checkLine(line, part, covered);
      // The same by spans; and once their leaves are read, what a listing says, with every leaf in its place.
      const spans = await spanLeaves(archive, { strikes, covered }, positions, ends);
      const spanned = checkPart({ batchId, manifest, spans, strikes }, null);
      expect(checkLine(line, spanned, covered).backing).toEqual({ ...backing, leavesByTree: leavesIn(runs) });
      const shown = { batchId, manifest, spans, strikes };
      const [listed, told] = [new ListedLine(line, part, covered), [] as CheckedLeaf[]];
      const read = await checkReadPart(shown, readSpans(shown, source), (leaf) => {
        told.push(leaf);
        listed.add(leaf);
      });
      expect({ ...read, leaves: told }).toEqual(part);
      expect(listed.end().backing).toEqual(backing);
      if (covered === sizeOf(strikes)) expect(backing?.unbacked).toBe(0n);
      for (const { first, leaves } of ranges) {
        const before = ranges.find((one) => one.first + one.leaves.length === first);
        expect([leaves.length > 0, before]).toEqual([true, undefined]);
      }
    }),
    { numRuns: 120 },
  );
});

it("spans are made from the tiles and the bundles of their ends, and nothing between", async () => {
  const large = sampleBatch("large", 3000);
  const { source: files, read } = await sampleArchive(large);
  const positions = { start: mg(starts(large)[300] as bigint), end: mg(starts(large)[2800] as bigint) };
  const none = { strikes: [], covered: mg(0n) };
  const { ends } = await leavesBehind(new Archive(files, large.manifest), none, positions);
  const spans = await spanLeaves(new Archive(files, large.manifest), none, positions, ends);
  expect(spans.map(({ first, last }) => [first.index, last?.index])).toEqual([[300, 2799]]);
  const needed = ["leaves/001", "leaves/010", "tiles/1/000", "tiles/2/000"];
  expect([...new Set(read)].toSorted()).toEqual(needed);
});

it("leaves between the ends of spans are read as they are checked, a bundle at a time", async () => {
  const large = sampleBatch("streamed", 1200);
  const { batchId, manifest } = large;
  const { source: files, read } = await sampleArchive(large);
  const positions = { start: mg(0n), end: large.tree.total };
  const none = { strikes: [], covered: mg(0n) };
  const { ends } = await leavesBehind(new Archive(files, manifest), none, positions);
  const spans = await spanLeaves(new Archive(files, manifest), none, positions, ends);
  read.length = 0;
  const readAt: [index: number, bundles: number][] = [];
  const part = { batchId, manifest, spans, strikes: [] };
  const { tally } = await checkReadPart(part, readSpans(part, files), ({ index }) => {
    if (index % 256 === 0) readAt.push([index, read.length]);
  });
  expect(readAt).toEqual([0, 1, 2, 3, 4].map((bundle) => [256 * bundle, bundle + 1]));
  expect(tally).toMatchObject({ leaves: 1200, milligrams: large.tree.total });
});
