import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Milligrams } from "../../../../src/base/types/quantities.ts";
import { gramsForClaimUp, recogniseDown } from "../../../../src/format/batch/recogniseDown.ts";
import { checkClaim } from "../../../../src/stages/recognition/checkClaim.ts";
import { recognitionOf, type RecognitionQuestion } from "../../../../src/stages/recognition/recognitionOf.ts";
import {
  parseRecognition,
  recognitionHash,
  type RecognitionRule,
} from "../../../../src/stages/recognition/matrixSchema.ts";

const GD = "GD" as RegionCode;
const RULE: RecognitionRule = {
  id: "wuhan-acts",
  issuers: ["WUHAN" as RegionCode],
  methodologies: ["WUHAN-BIKE", "WUHAN-METRO"],
  vintages: { first: 2024, last: 2025 },
  purposes: ["corporate-neutrality", "event-neutrality"],
  validFrom: "2025-03-01",
  validTo: "2025-12-31",
  discountBps: 1000,
  source: "An order of the authority",
};
const matrix = (...rules: readonly RecognitionRule[]) =>
  parseRecognition({
    schema: "microtonne-recognition/1",
    authority: "GD",
    version: 1,
    validFrom: "2025-01-01T00:00Z",
    rules,
  });
const QUESTION: RecognitionQuestion = {
  issuer: "WUHAN" as RegionCode,
  methodologies: ["WUHAN-METRO"],
  vintage: 2025,
  purpose: "event-neutrality",
  day: "2025-07-01",
};

describe("a rule of recognition", () => {
  it("recognises at its discount what fits all of its words", () => {
    expect(recognitionOf(GD, matrix(RULE), QUESTION)).toEqual({ rule: "wuhan-acts", discountBps: 1000 });
    for (const edge of [{ day: "2025-03-01" }, { day: "2025-12-31" }, { vintage: 2024 }])
      expect(recognitionOf(GD, matrix(RULE), { ...QUESTION, ...edge })).not.toBeNull();
  });

  it.each<[string, Partial<RecognitionQuestion>]>([
    ["region", { issuer: "SHANGHAI" as RegionCode }],
    ["methodology", { methodologies: ["WUHAN-BUS"] }],
    ["methodology beside one that fits", { methodologies: ["WUHAN-BUS", "WUHAN-METRO"] }],
    ["earlier vintage", { vintage: 2023 }],
    ["later vintage", { vintage: 2026 }],
    ["purpose", { purpose: "compliance-offset" }],
    ["earlier day", { day: "2025-02-28" }],
    ["later day", { day: "2026-01-01" }],
  ])("does not recognise another %s", (_what, change) => {
    expect(recognitionOf(GD, matrix(RULE), { ...QUESTION, ...change })).toBeNull();
  });

  it("takes the hardest of the rules that fit, so that a batch that mixes gains nothing", () => {
    const bike = { ...RULE, id: "bikes", methodologies: ["WUHAN-BIKE"], discountBps: 4000 };
    const rules = matrix(RULE, bike);
    expect(recognitionOf(GD, rules, QUESTION)?.rule).toBe("wuhan-acts");
    expect(
      recognitionOf(GD, rules, { ...QUESTION, methodologies: ["WUHAN-BIKE", "WUHAN-METRO"] })?.rule,
    ).toBe("bikes");
  });

  it("is not needed for the authority's own region, and others' rules make no difference", () => {
    const own = { ...QUESTION, issuer: GD };
    expect(recognitionOf(GD, null, own)).toEqual({ rule: null, discountBps: 0 });
    expect(recognitionOf(GD, null, QUESTION)).toBeNull();
  });

  it.each<[string, unknown]>([
    ["a whole discount", { ...RULE, discountBps: 10_000 }],
    ["regions out of order", { ...RULE, issuers: ["WUHAN", "CHENGDU"] }],
    ["days backwards", { ...RULE, validTo: "2025-02-01" }],
    ["no calendar day", { ...RULE, validTo: "2025-02-30" }],
    ["vintages backwards", { ...RULE, vintages: { first: 2025, last: 2024 } }],
    ["an unknown word", { ...RULE, note: "" }],
    ["an unknown purpose", { ...RULE, purposes: ["greenwash"] }],
  ])("is refused with %s", (_what, rule) => {
    expect(() => matrix(rule as RecognitionRule)).toThrowError(
      expect.objectContaining({ code: "recognition.malformed" }),
    );
  });

  it("stands once under its id, and its file has one hash", () => {
    expect(() => matrix(RULE, RULE)).toThrowError(expect.objectContaining({ code: "recognition.malformed" }));
    expect(recognitionHash(matrix(RULE))).not.toBe(recognitionHash(matrix({ ...RULE, discountBps: 999 })));
  });
});

describe("what is recognised", () => {
  const mass = fc.bigInt(0n, 10n ** 17n).map((value) => value as Milligrams);
  const bps = fc.integer({ min: 0, max: 9_999 });

  it("is never above the exact share, and within a milligram of it", () => {
    fc.assert(
      fc.property(mass, bps, (grams, discount) => {
        const recognised = recogniseDown(grams, discount) * 10_000n;
        const exact = grams * BigInt(10_000 - discount);
        expect(recognised <= exact && exact - recognised < 10_000n).toBe(true);
      }),
    );
  });

  it("needs the least grams for a claim: one milligram less recognises less", () => {
    fc.assert(
      fc.property(
        mass.filter((value) => value > 0n),
        bps,
        (claim, discount) => {
          const needed = gramsForClaimUp(claim, discount);
          expect(recogniseDown(needed, discount) >= claim).toBe(true);
          expect(recogniseDown((needed - 1n) as Milligrams, discount) < claim).toBe(true);
        },
      ),
    );
  });

  it("is counted line by line, and below the claim the grams that are needed are named and suffice", () => {
    const line = fc.record({ mass, bps });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), mass, (list, claim) => {
        const lines = list.map((one, i) => ({
          batchId: `0x${String(i).padStart(64, "0")}` as BatchId,
          milligrams: one.mass,
          rule: "r",
          discountBps: one.bps,
        }));
        const recognised = lines.reduce(
          (sum, one) => sum + recogniseDown(one.milligrams, one.discountBps),
          0n,
        );
        if (recognised >= claim) {
          expect(checkClaim(lines, claim).reduce((sum, one) => sum + one.recognised, 0n)).toBe(recognised);
          return;
        }
        let message = "";
        try {
          checkClaim(lines, claim);
        } catch (error) {
          message = (error as Error).message;
        }
        const [, tonnes] = /Retire ([0-9.]+) t/.exec(message) ?? [];
        const [whole = "", part = ""] = (tonnes as string).split(".");
        const needed = BigInt(whole + part.padEnd(9, "0"));
        const before = lines.slice(0, -1).reduce((sum, one) => sum + one.milligrams, 0n);
        const grown = lines.with(lines.length - 1, {
          ...(lines.at(-1) as (typeof lines)[0]),
          milligrams: (needed - before) as Milligrams,
        });
        expect(checkClaim(grown, claim)).toHaveLength(lines.length);
      }),
    );
  });
});
