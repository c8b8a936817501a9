import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ActivityKey, SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology2 } from "../../../../src/base/types/methodology.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import type { Reduction } from "../../../../src/base/types/reduction.ts";
import { CapSums, type CappedLeaf } from "../../../../src/format/batch/methodologies/capSums.ts";
import { periodCapsOf } from "../../../../src/format/batch/methodologies/periodCapsOf.ts";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import { PlainCaps } from "../../stages/dedupe/support/plainCaps.ts";

const NEW_YEARS_EVE = 20_453;
const grams = (milligrams: number | null): string | null =>
  milligrams === null ? null : String(milligrams / 1000);
const versionOf = (
  version: string,
  [day, year, all]: readonly [number | null, number | null, number | null],
): Methodology2 =>
  sampleMethodology({
    version,
    caps: {
      ...sampleMethodology().caps,
      gramsPerSubjectDay: grams(day),
      gramsPerSubjectYear: grams(year),
      gramsPerProgrammeYear: grams(all),
    },
  });
const leaf = (
  methodology: Methodology2,
  milligrams: number,
  subject: number | null,
  day = 0,
): CappedLeaf => ({
  methodology,
  milligrams: BigInt(milligrams) as Milligrams,
  day: (NEW_YEARS_EVE + day) as Day,
  subjectKey: subject === null ? null : (new Uint8Array(32).fill(subject) as SubjectKey),
});

describe("leaves held against caps on days and years", () => {
  it("are told by the first cap that they go beyond, with the sum", () => {
    const capped = versionOf("1", [100, 150, 200]);
    const sums = new CapSums([capped]);
    expect(sums.add(leaf(capped, 100, 1))).toBeNull();
    expect(sums.add(leaf(capped, 1, 1))).toEqual({ of: "a subject's day", sum: 101n, most: 100n });
    expect(sums.add(leaf(capped, 51, 1, -1))).toEqual({ of: "a subject's year", sum: 151n, most: 150n });
    expect(sums.add(leaf(capped, 100, 2, 1))).toBeNull();
    expect(sums.add(leaf(capped, 60, 3, -2))).toBeNull();
    expect(sums.add(leaf(capped, 41, 4, -2))).toEqual({ of: "everybody's year", sum: 201n, most: 200n });
  });

  it("are bounded one by one where it is not known whose they are", () => {
    const capped = versionOf("1", [100, 90, 200]);
    const sums = new CapSums([capped]);
    expect(sums.add(leaf(capped, 90, null))).toBeNull();
    expect(sums.add(leaf(capped, 90, null))).toBeNull();
    expect(sums.add(leaf(capped, 91, null, 1))).toEqual({ of: "a subject's year", sum: 91n, most: 90n });
    expect(sums.add(leaf(capped, 21, null))).toEqual({ of: "everybody's year", sum: 201n, most: 200n });
    expect(sums.add(leaf(sampleMethodology(), 10 ** 9, null))).toBeNull();
  });

  it("of versions with different caps are held against the higher together, the lower alone", () => {
    const [high, low] = [versionOf("1", [100, null, null]), versionOf("2", [50, null, null])];
    const sums = new CapSums([high, low]);
    expect(sums.add(leaf(low, 50, 1))).toBeNull();
    expect(sums.add(leaf(high, 50, 1))).toBeNull();
    expect(sums.add(leaf(high, 1, 1))).toMatchObject({ sum: 101n, most: 100n });
    expect(sums.add(leaf(low, 1, 1))).toMatchObject({ sum: 51n, most: 50n });
  });

  it("take at most 200 bytes a subject, with a day and a year each", { timeout: 120_000 }, async () => {
    const subjects = 100_000;
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    // What a collection finds is given back a little later.
    const taken = async (): Promise<number> => {
      let least = Infinity;
      for (let turn = 0; turn < 5; turn++) {
        collect();
        await sleep(20);
        const { heapUsed, arrayBuffers } = process.memoryUsage();
        least = Math.min(least, heapUsed + arrayBuffers);
      }
      return least;
    };
    const capped = versionOf("1", [100, 150, 10 * subjects]);
    const sums = new CapSums([capped]);
    const key = (at: number): SubjectKey => {
      const bytes = new Uint8Array(32);
      new DataView(bytes.buffer).setUint32(0, Math.imul(at, 0x9e3779b1));
      return bytes as SubjectKey;
    };
    const before = await taken();
    let faults = 0;
    for (let at = 0; at < subjects; at++)
      if (sums.add({ ...leaf(capped, 10, null), subjectKey: key(at) }) !== null) faults++;
    expect(faults).toBe(0);
    expect((await taken()) - before).toBeLessThan(200 * subjects);
    expect(sums.add({ ...leaf(capped, 91, null), subjectKey: key(7) })).toMatchObject({ sum: 101n });
  });

  const cap = fc.option(fc.integer({ min: 1, max: 80 }), { nil: null });
  const history = fc.tuple(
    fc.array(fc.tuple(cap, cap, cap), { minLength: 1, maxLength: 3 }),
    fc.array(
      fc.tuple(fc.nat(2), fc.integer({ min: 1, max: 60 }), fc.nat(2), fc.integer({ min: -1, max: 1 })),
    ),
  );

  it("are within them however an honest operator admitted them, in any order", { timeout: 120_000 }, () => {
    fc.assert(
      fc.property(history, fc.infiniteStream(fc.nat()), ([versions, acts], noise) => {
        const methodologies = versions.map((one, at) => versionOf(String(at), one));
        const model = new PlainCaps();
        const leaves = acts.flatMap(([which, milligrams, subject, day]): CappedLeaf[] => {
          const methodology = methodologies[which % methodologies.length] as Methodology2;
          const whole = leaf(methodology, milligrams, subject, day);
          const caps = periodCapsOf(methodology);
          const left = model.take({
            ...whole,
            activityKey: new Uint8Array(32) as ActivityKey,
            ...(caps && { caps }),
          } as unknown as Reduction);
          return left === 0n ? [] : [{ ...whole, milligrams: left as Milligrams }];
        });
        const order = leaves.map((one) => ({ one, at: Number(noise.next().value) }));
        const sums = new CapSums(methodologies);
        for (const { one } of order.toSorted((a, b) => a.at - b.at)) expect(sums.add(one)).toBeNull();
      }),
      { numRuns: 10_000 },
    );
  });
});
