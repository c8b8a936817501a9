import { globSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { drawSample } from "../../../../scripts/test/mutants/drawSample.ts";
import { findMutants, isEquivalent, matches } from "../../../../scripts/test/mutants/findMutants.ts";
import { FOLDERS } from "../../../../scripts/test/mutants/folders.ts";
import { GLOBS_APART } from "../../../../scripts/test/mutants/globsApart.ts";
import { scoreOf } from "../../../../scripts/test/mutants/scoreOf.ts";
import { wilsonInterval } from "../../../../scripts/test/mutants/wilsonInterval.ts";

const THINGS = Array.from({ length: 200 }, (_, i) => ({ key: `mutant ${String(i)}` }));

describe("a sample of mutants", () => {
  it("is the same for the same seed, and holds each once", () => {
    fc.assert(
      fc.property(fc.nat(250), fc.nat(1000), (size, seed) => {
        const drawn = drawSample(THINGS, size, seed);
        expect(new Set(drawn).size).toBe(Math.min(size, THINGS.length));
        expect(drawSample(THINGS.toReversed(), size, seed)).toEqual(drawn);
        // What was done for a smaller sample is of use for a larger one.
        expect(drawSample(THINGS, size + 10, seed).slice(0, size)).toEqual(drawn);
      }),
    );
  });

  it("holds each as often as another, over many seeds", () => {
    const hits = new Map(THINGS.map(({ key }) => [key, 0]));
    for (let seed = 0; seed < 500; seed++)
      for (const { key } of drawSample(THINGS, 20, seed)) hits.set(key, (hits.get(key) ?? 0) + 1);
    // Fifty are expected; seven is a standard deviation.
    for (const count of hits.values()) expect(Math.abs(count - 50)).toBeLessThan(30);
  });
});

describe("the interval of a sample's score", () => {
  it("is Wilson's, with 95 % confidence", () => {
    const rounded = (hits: number, tries: number) => {
      const { low, high } = wilsonInterval(hits, tries);
      return [Math.round(low * 10_000), Math.round(high * 10_000)];
    };
    // As statsmodels' proportion_confint(method="wilson") has them.
    expect(rounded(8, 10)).toEqual([4902, 9433]);
    expect(rounded(85, 100)).toEqual([7672, 9069]);
    expect(rounded(0, 10)).toEqual([0, 2775]);
    expect(rounded(10, 10)).toEqual([7225, 10_000]);
    expect(rounded(0, 0)).toEqual([0, 10_000]);
  });

  it("counts timeouts as noticed, and what kept the tests from being loaded nowhere", () => {
    expect(scoreOf(["Killed", "Killed", "Timeout", "Survived", "NoCoverage", "RuntimeError"])).toMatchObject({
      killed: 2,
      timeout: 1,
      survived: 1,
      noCoverage: 1,
      broken: 1,
      score: 60,
    });
    expect(scoreOf([]).score).toBe(0);
  });
});

describe.each(Object.entries(FOLDERS))("mutants of %s", (folder, { tests, without, equivalents }) => {
  it("are judged by tests that exist", () => {
    for (const glob of [...tests, ...without]) expect([glob, globSync(glob)]).not.toEqual([glob, []]);
  });

  it("that are called equivalent exist, once each, and say why", async () => {
    const mutants = equivalents.length === 0 ? [] : await findMutants(folder);
    for (const one of equivalents) {
      expect([one, mutants.filter((mutant) => matches(mutant, one)).length]).toEqual([one, 1]);
      expect(one.reason).toMatch(/^[A-Z].{20,}\.$/);
    }
    expect(mutants.filter((mutant) => isEquivalent(mutant, equivalents))).toHaveLength(equivalents.length);
  });
});

it("every mutant of a folder has a name of its own, and its text", async () => {
  const mutants = await findMutants("src/format/proofs");
  expect(mutants.length).toBeGreaterThan(500);
  expect(new Set(mutants.map(({ key }) => key)).size).toBe(mutants.length);
  for (const { code, replacement } of mutants) expect(code).not.toBe(replacement);
});

it("a folder's globs reach the tests' runner whole, with the commas in their braces", async () => {
  const { tests, without } = FOLDERS["src/app"] ?? { tests: [], without: [] };
  expect(tests.join("")).toContain("{attest,batches,");
  vi.stubEnv("MUTANTS_TESTS", tests.join(GLOBS_APART));
  vi.stubEnv("MUTANTS_WITHOUT", without.join(GLOBS_APART));
  try {
    const { default: config } = await import("../../../../scripts/test/mutants/vitest.config.ts");
    expect(config.test).toMatchObject({ include: tests, exclude: without });
  } finally {
    vi.unstubAllEnvs();
  }
});
