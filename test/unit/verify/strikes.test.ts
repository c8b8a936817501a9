import { describe, expect, it } from "vitest";
import type { Milligrams } from "../../../src/base/types/quantities.ts";
import { strikesHashOf, type Strike } from "../../../src/format/batch/strikes.ts";
import {
  actFile,
  actsPart,
  partUnder,
  rangePart,
  retirementFile,
  sampleRetirement,
} from "./support/sampleProof.ts";
import {
  askedFor,
  batchWords,
  retirementWord,
  sampleState,
  type BatchChange,
} from "./support/sampleState.ts";
import { code } from "./support/verifyFile.ts";
import { batch, begins, end, start, trusting, verify } from "./support/blockPlace.ts";

describe("strikes", () => {
  const total = batch.tree.total as bigint;
  const strikeOf = (index: number): Strike => ({
    index,
    start: begins[index] as Milligrams,
    end: begins[index + 1] as Milligrams,
  });
  const sizeOf = (index: number) => (begins[index + 1] as bigint) - (begins[index] as bigint);

  async function struck(list: readonly Strike[], books: BatchChange, shown: ReturnType<typeof partUnder>) {
    const only = sampleRetirement([{ batch, start, end }]);
    const changed = await sampleState(
      batchWords(batch, { strikesHash: strikesHashOf(list), ...books }),
      retirementWord(only),
    );
    const block = await changed.evidence(askedFor([batch], only.retirementId));
    return verify(retirementFile(only, [{ ...shown, strikes: list }], block), trusting(changed));
  }

  it("outside of the range change nothing about it", async () => {
    const books = { struck: sizeOf(15), minted: total - sizeOf(15), retired: end };
    const verdict = await struck([strikeOf(15)], books, partUnder(batch, start, end));
    expect(verdict.checked.join("\n")).toContain("1 leaf of the batch");
    expect(verdict.checked.join("\n")).not.toContain("in place of struck ones");
  });

  it("that are made good put other leaves behind the range, and those must be shown", async () => {
    const size = sizeOf(5);
    const books = { struck: size, minted: total - size, retired: end };
    await expect(struck([strikeOf(5)], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.range-uncovered"),
    );
    const tail = partUnder(batch, total - size, total);
    const shown = {
      ...rangePart(batch, 3, 4),
      ranges: [
        ...(rangePart(batch, 3, 4).ranges ?? []),
        ...(rangePart(batch, 6, 8).ranges ?? []),
        ...(tail.ranges ?? []),
      ],
    };
    const verdict = await struck([strikeOf(5)], books, shown);
    expect(verdict.checked.join("\n")).toContain(`${size.toString()} mg of the range stand on other leaves`);
  });

  it("not made good leave positions without anything behind them, and the verdict warns", async () => {
    const size = sizeOf(5);
    const books = { struck: size, minted: total, shortfall: size, retired: end };
    const shown = {
      ...rangePart(batch, 3, 4),
      ranges: [...(rangePart(batch, 3, 4).ranges ?? []), ...(rangePart(batch, 6, 8).ranges ?? [])],
    };
    const verdict = await struck([strikeOf(5)], books, shown);
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe(size.toString());
    expect(verdict.checked.join("\n")).toMatch(
      /WARNING: nothing stands behind .*\n.*WARNING: its operator owes/,
    );
    await expect(struck([strikeOf(5)], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.range-excess"),
    );
  });

  it("of all leaves of a range leave none to show; the verdict says nothing is behind it", async () => {
    const only = sampleRetirement([{ batch, start: begins[5] as bigint, end: begins[6] as bigint }]);
    const books = {
      strikesHash: strikesHashOf([strikeOf(5)]),
      struck: sizeOf(5),
      shortfall: sizeOf(5),
      minted: total,
      retired: end,
    };
    const changed = await sampleState(batchWords(batch, books), retirementWord(only));
    const block = await changed.evidence(askedFor([batch], only.retirementId));
    const shown = { ...partUnder(batch, start, end), ranges: [], strikes: [strikeOf(5)] };
    const verdict = await verify(retirementFile(only, [shown], block), trusting(changed));
    expect(verdict.facts.retirement?.unbackedMilligrams).toBe(sizeOf(5).toString());
    expect(verdict.checked.join("\n")).toContain("No leaf of the batch is shown.");
    await expect(
      verify(
        retirementFile(only, [{ ...shown, ranges: partUnder(batch, start, end).ranges ?? [] }], block),
        trusting(changed),
      ),
    ).rejects.toThrow(code("verify.range-excess"));
  });

  it("of an act that is shown are warned of", async () => {
    const size = sizeOf(5);
    const list = [strikeOf(5)];
    const books = { strikesHash: strikesHashOf(list), struck: size, minted: total - size, retired: 0n };
    const changed = await sampleState(batchWords(batch, books), new Map());
    const block = await changed.evidence(askedFor([batch], null));
    const verdict = await verify(
      { ...actFile({ ...actsPart(batch, [4, 5]), strikes: list }), block },
      trusting(changed),
    );
    expect(verdict.checked.join("\n")).toContain("WARNING: of the leaves shown, these are struck: 5.");
  });

  it("in another order than the registry's are refused", async () => {
    const [one, two] = [strikeOf(15), strikeOf(17)];
    const size = sizeOf(15) + sizeOf(17);
    const books = {
      strikesHash: strikesHashOf([one, two]),
      struck: size,
      minted: total - size,
      retired: end,
    };
    await expect(struck([two, one], books, partUnder(batch, start, end))).rejects.toThrow(
      code("verify.strikes"),
    );
    expect((await struck([one, two], books, partUnder(batch, start, end))).ok).toBe(true);
  });
});
