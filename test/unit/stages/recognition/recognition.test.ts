import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import type { Milligrams, UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { gramsForClaimUp, recogniseDown } from "../../../../src/format/batch/recogniseDown.ts";
import { checkClaim } from "../../../../src/stages/recognition/checkClaim.ts";
import { RecognitionBook } from "../../../../src/stages/recognition/recognitionBook.ts";
import { recognitionOf, type RecognitionQuestion } from "../../../../src/stages/recognition/recognitionOf.ts";
import {
  parseRecognition,
  recognitionHash,
  type RecognitionRule,
} from "../../../../src/stages/recognition/matrixSchema.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

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
    expect(() => matrix(rule as RecognitionRule)).toThrowError(refusedFor("recognition.malformed"));
  });

  it("stands once under its id, and its file has one hash", () => {
    expect(() => matrix(RULE, RULE)).toThrowError(refusedFor("recognition.malformed"));
    expect(recognitionHash(matrix(RULE))).not.toBe(recognitionHash(matrix({ ...RULE, discountBps: 999 })));
  });
});

describe("rules of recognition in force", () => {
  const at = (text: string) => (Date.parse(text) / 1000) as UnixSeconds;
  const versionOf = (version: number, validFrom: string, authority = "GD") =>
    parseRecognition({ ...matrix(RULE), authority, version, validFrom });

  it("are an authority's highest version that has begun, in whatever order they came", () => {
    const [one, two] = [versionOf(1, "2025-01-01T00:00Z"), versionOf(2, "2025-06-01T10:58Z")];
    const other = versionOf(9, "2025-01-01T00:00Z", "SG");
    for (const all of [
      [one, two, other],
      [other, two, one],
    ]) {
      const book = new RecognitionBook(all);
      expect(book.inForce(GD, at("2024-12-31T23:59:59Z"))).toBeNull();
      expect(book.inForce(GD, at("2025-01-01T00:00:00Z"))).toBe(one);
      expect(book.inForce(GD, at("2025-06-01T10:57:59Z"))).toBe(one);
      expect(book.inForce(GD, at("2025-06-01T10:58:00Z"))).toBe(two);
      expect(book.inForce("SG" as RegionCode, at("2026-01-01T00:00Z"))).toBe(other);
      expect(book.inForce("WH" as RegionCode, at("2026-01-01T00:00Z"))).toBeNull();
    }
  });

  it("of two that take the same the first in the file is named", () => {
    const twin = { ...RULE, id: "twin" };
    expect(recognitionOf(GD, matrix(RULE, twin), QUESTION)?.rule).toBe("wuhan-acts");
    expect(recognitionOf(GD, matrix(twin, RULE), QUESTION)?.rule).toBe("twin");
    const anything = { ...RULE, id: "any", methodologies: null, purposes: null, discountBps: 0 };
    expect(recognitionOf(GD, matrix(anything), { ...QUESTION, purpose: "compliance-offset" })).toEqual({
      rule: "any",
      discountBps: 0,
    });
    const foreign = { ...RULE, id: "buses", methodologies: ["WUHAN-BUS"], discountBps: 9_999 };
    expect(recognitionOf(GD, matrix(RULE, foreign), QUESTION)?.rule).toBe("wuhan-acts");
  });

  it("are refused at the place that does not fit", () => {
    const fault = (change: object, of: object = {}) => {
      try {
        parseRecognition({ ...matrix(RULE), rules: [{ ...RULE, ...change }], ...of });
        return null;
      } catch (error) {
        return (error as Error).message.replace(/^The recognition file breaks its schema at (.*)\.$/s, "$1");
      }
    };
    for (const change of [
      { discountBps: 0 },
      { discountBps: 9_999 },
      { vintages: { first: 1970, last: 9999 } },
      { vintages: { first: 2025, last: 2025 } },
      { validTo: RULE.validFrom },
      { id: "a" },
      { id: "a".repeat(64) },
      { source: "x".repeat(1000) },
      { methodologies: null, purposes: null },
    ])
      expect([change, fault(change)]).toEqual([change, null]);
    const minute = "validFrom: must be a UTC minute YYYY-MM-DDTHH:MMZ";
    for (const [change, of, told] of [
      [{ issuers: ["WUHAN", "WUHAN"] }, {}, "rules.0.issuers: must ascend, each once"],
      [{ methodologies: ["B", "A"] }, {}, "rules.0.methodologies: must ascend, each once"],
      [{ vintages: { first: 2025, last: 2024 } }, {}, "rules.0.vintages: must not end before they begin"],
      [{ validTo: "2025-02-28" }, {}, "rules.0: must not end before it begins"],
      [{ validFrom: "2025-02-30" }, {}, "rules.0.validFrom: must be a calendar day YYYY-MM-DD"],
      [{ source: "a\u0007" }, {}, "rules.0.source: must be one line without control characters"],
      [{ id: "-a" }, {}, "rules.0.id: must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}"],
      [{ id: "a".repeat(65) }, {}, "rules.0.id: must match [A-Za-z0-9][A-Za-z0-9._-]{0,63}"],
      [{}, { rules: [RULE, RULE] }, "rules: must have each id once"],
      [{}, { validFrom: "2025-01-01T00:00:00Z" }, minute],
      [{}, { validFrom: "2025-02-30T00:00Z" }, minute],
      [{}, { validFrom: "2025-01-01T24:00Z" }, minute],
      [{}, { validFrom: "2025-01-01 00:00Z" }, minute],
    ] as const)
      expect([change, of, fault(change, of)]).toEqual([change, of, told]);
    for (const [change, of, place] of [
      [{ discountBps: -1 }, {}, "rules.0.discountBps"],
      [{ vintages: { first: 1969, last: 2025 } }, {}, "rules.0.vintages.first"],
      [{ vintages: { first: 2025, last: 10_000 } }, {}, "rules.0.vintages.last"],
      [{ issuers: [] }, {}, "rules.0.issuers"],
      [{ purposes: [] }, {}, "rules.0.purposes"],
      [{ source: "" }, {}, "rules.0.source"],
      [{ source: "x".repeat(1001) }, {}, "rules.0.source"],
      [{}, { version: 0 }, "version"],
      [{}, { schema: "microtonne-recognition/2" }, "schema"],
      [{}, { authority: "gd" }, "authority"],
    ] as const)
      expect([change, of, fault(change, of)?.split(": ")[0]]).toEqual([change, of, place]);
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
