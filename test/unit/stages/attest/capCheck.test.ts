import { describe, expect, it } from "vitest";
import { sampleMethodology } from "../../../../scripts/generate/vectors/methodologyVectors.ts";
import { sampleBatch } from "../../../../scripts/generate/vectors/sampleBatch.ts";
import type { SubjectKey } from "../../../../src/base/types/ids.ts";
import type { Methodology } from "../../../../src/base/types/methodology.ts";
import type { Day, Milligrams } from "../../../../src/base/types/quantities.ts";
import { decodeLeaf, encodeLeaf } from "../../../../src/format/batch/leaf.ts";
import { methodologyIdOf } from "../../../../src/format/batch/methodology.ts";
import { CapCheck } from "../../../../src/stages/attest/capCheck.ts";
import { YearCheck } from "../../../../src/stages/attest/yearCheck.ts";

const mg = (mass: number) => BigInt(mass) as Milligrams;
const capsOf = (caps: object) => sampleMethodology({ caps: { ...sampleMethodology().caps, ...caps } });
const DAILY = capsOf({ gramsPerSubjectDay: "0.1" });
const YEARLY = capsOf({ gramsPerProgrammeYear: "0.25" });
const subject = (byte: number) => new Uint8Array(32).fill(byte) as SubjectKey;

describe("a leaf's weight beside what its records come to", () => {
  const refuse = (code: string, what: string) => new Error(`${code}: ${what}`);
  const day = 20_600 as Day;
  const weighed = (
    check: CapCheck,
    methodology: Methodology,
    counted: number,
    cutTo?: number,
    of: number | null = 1,
  ) =>
    check.weigh(
      { subjectKey: of === null ? null : subject(of), ...(cutTo === undefined ? {} : { cutTo: mg(cutTo) }) },
      { methodology, day, counted: mg(counted) },
      refuse,
    );

  it("is all of it, where nothing is capped", () => {
    const plain = sampleMethodology();
    const check = new CapCheck([plain]);
    expect(weighed(check, plain, 100)).toBe(100n);
    expect(weighed(check, plain, 100, 100)).toBe(100n);
    expect(weighed(check, plain, 1)).toBe(1n);
    expect(() => weighed(check, plain, 100, 99)).toThrow(
      "cut: it weighs less than its records come to, and its methodology caps no day or year",
    );
    expect(() => weighed(check, plain, 100, 101)).toThrow(
      "cut: it weighs 101 mg, and its records come to 100 mg",
    );
    expect(() => weighed(check, plain, 0)).toThrow("cut: it weighs nothing");
    expect(() => weighed(check, plain, 5, 0)).toThrow("cut: it weighs nothing");
    expect(check.counts()).toEqual({ leaves: 0, cut: 0 });
  });

  it("is what a cap left of it, and is counted", () => {
    const check = new CapCheck([DAILY]);
    expect(weighed(check, DAILY, 60)).toBe(60n);
    expect(weighed(check, DAILY, 60, 40)).toBe(40n);
    expect(check.counts()).toEqual({ leaves: 2, cut: 1 });
    expect(() => weighed(check, DAILY, 1)).toThrow(
      "cap: with it a subject's day comes to 101 mg in this batch, and TEST-VECTOR caps it at 100 mg",
    );
    expect(weighed(check, DAILY, 100, undefined, 2)).toBe(100n);
    expect(() => weighed(check, DAILY, 1, undefined, null)).toThrow(
      "cap: it names no subject, and its methodology caps what a subject earns",
    );
    expect(check.counts()).toEqual({ leaves: 3, cut: 1 });
  });

  it("may be of nobody where only everybody's year is capped", () => {
    const check = new CapCheck([YEARLY]);
    expect(weighed(check, YEARLY, 250, undefined, null)).toBe(250n);
    expect(() => weighed(check, YEARLY, 1, undefined, null)).toThrow(/everybody's year comes to 251 mg/);
  });
});

describe("a batch and earlier ones together", async () => {
  const { manifest, leaves } = await sampleBatch();
  const sample = decodeLeaf(leaves[0] as Uint8Array);
  const other = capsOf({ gramsPerProgrammeYear: "0.25", gramsPerSubjectDay: "0.1" });
  const batchOf = (...methodologies: Methodology[]) => ({ ...manifest, methodologies });
  const bytes = (methodology: Methodology, milligrams: number, day = 20_600) =>
    encodeLeaf({
      ...sample,
      methodologyId: methodologyIdOf(methodology),
      milligrams: mg(milligrams),
      day: day as Day,
    });

  it("keep to everybody's year, over all versions of a methodology", () => {
    const later = capsOf({ gramsPerProgrammeYear: "0.3" });
    const check = new YearCheck(batchOf(later), [batchOf(YEARLY, DAILY)]);
    expect([check.concerns(batchOf(YEARLY)), check.concerns(batchOf(DAILY))]).toEqual([true, false]);
    check.add(bytes(later, 100));
    check.add(bytes(YEARLY, 150));
    check.add(bytes(DAILY, 10_000));
    check.add(bytes(YEARLY, 250, 20_600 + 365));
    expect(check.fault()).toBeNull();
    check.add(bytes(later, 50));
    expect(check.fault()).toBeNull();
    check.add(bytes(later, 1));
    const told = "everybody's year 2026 comes to 301 mg or more, and TEST-VECTOR caps it at 300 mg";
    expect(check.fault()).toBe(told);
    check.add(bytes(later, 100_000));
    expect(check.fault()).toBe(told);
  });

  it("are not held against caps that the batch's own methodologies have not", () => {
    const check = new YearCheck(batchOf(DAILY), [batchOf(YEARLY, other)]);
    check.add(bytes(YEARLY, 100_000));
    expect([check.fault(), check.concerns(batchOf(YEARLY))]).toEqual([null, false]);
    const plain = new YearCheck(batchOf(sampleMethodology()), []);
    expect(plain.concerns(batchOf(sampleMethodology()))).toBe(false);
  });
});
