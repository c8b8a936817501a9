import { describe, expect, it } from "vitest";
import type { BatchId, RegionCode } from "../../../../src/base/types/ids.ts";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import { encodeDisclosure } from "../../../../src/format/onchain/retirementDisclosure.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import {
  checkSameTerms,
  checkTerms,
  disclosureOf,
  type RetirementTerms,
} from "../../../../src/stages/retire/retirementTerms.ts";
import { toldCodeOf } from "../../format/support/vectors.ts";
import { id, PLAN } from "./support/retirements.ts";
import { refusedFor } from "../../../support/refusedFor.ts";

const TERMS: RetirementTerms = {
  amount: milligrams(350n),
  purpose: "corporate-neutrality",
  beneficiary: { name: "Café au Lac", lei: "5493001KJTIIGC8Y1R12" },
  use: "Flights of 2025",
  reportingYear: 2025,
  country: "CN",
};
const KNOWN = { ...PLAN, disclosed: canonicalJson(disclosureOf(TERMS, id(7))) };

describe("a reference that comes again", () => {
  it("may ask for the same, however its accents are written and with the year left open", () => {
    const decomposed = { ...TERMS.beneficiary, name: TERMS.beneficiary.name.normalize("NFD") };
    expect(decomposed.name).not.toBe(TERMS.beneficiary.name);
    for (const change of [{}, { reportingYear: null }, { country: null }, { beneficiary: decomposed }])
      expect(() => checkSameTerms(KNOWN, { ...TERMS, ...change })).not.toThrow();
  });

  it.each<[string, Partial<RetirementTerms>]>([
    ["amount", { amount: milligrams(351n) }],
    ["purpose", { purpose: "event-neutrality" }],
    ["name", { beneficiary: { ...TERMS.beneficiary, name: "Cafe au Lac" } }],
    ["LEI", { beneficiary: { ...TERMS.beneficiary, lei: null } }],
    ["use", { use: null }],
    ["year", { reportingYear: 2024 }],
    ["country", { country: "SG" }],
  ])("may not ask for another %s", (_what, change) => {
    expect(() => checkSameTerms(KNOWN, { ...TERMS, ...change })).toThrowError(refusedFor("retire.reference"));
  });
});

describe("what opens a retirement", () => {
  it("has an LEI where there is one, an empty use where nothing is said, and accents in one spelling", () => {
    const salt = id(7);
    const { beneficiary } = TERMS;
    const bare = { beneficiary: { name: "e\u0301", lei: null }, use: null };
    expect(disclosureOf(bare, salt)).toEqual({ beneficiary: { name: "\u00e9" }, salt, use: "" });
    expect(disclosureOf({ beneficiary, use: "e\u0301" }, salt)).toEqual({ beneficiary, salt, use: "\u00e9" });
  });

  it("is asked for with the same authority and claim, or not at all", () => {
    const recognition = {
      authority: "GD" as RegionCode,
      rulesHash: id(1),
      claim: milligrams(300n),
      lines: [
        { batchId: id(2) as string as BatchId, rule: null, discountBps: 0, recognised: milligrams(350n) },
      ],
    };
    const disclosed = encodeDisclosure({
      ...disclosureOf(TERMS, id(7)),
      recognition,
    });
    const known = { ...PLAN, disclosed };
    const asked = (change: object | null) =>
      ({ ...TERMS, ...(change && { recognition: { ...recognition, ...change } }) }) as RetirementTerms;
    const codeOfSame = (stored: typeof KNOWN, terms: RetirementTerms) =>
      toldCodeOf(() => checkSameTerms(stored, terms));
    expect(codeOfSame(known, asked({}))).toBe("accepted");
    expect(codeOfSame(known, asked({ authority: "SG" }))).toBe("retire.reference");
    expect(codeOfSame(known, asked({ claim: 301n }))).toBe("retire.reference");
    expect(codeOfSame(known, asked(null))).toBe("retire.reference");
    expect(codeOfSame(KNOWN, asked({}))).toBe("retire.reference");
    expect(codeOfSame({ ...KNOWN, disclosed: null } as unknown as typeof KNOWN, TERMS)).toBe(
      "retire.reference",
    );
  });
});

describe("the terms of a retirement", () => {
  it("are taken at their bounds", () => {
    for (const lei of ["1".repeat(18), "A".repeat(20)])
      expect(() => checkTerms({ ...TERMS, beneficiary: { name: "y", lei } })).not.toThrow();
    expect(() => checkTerms({ ...TERMS, country: null })).not.toThrow();
    const long = { use: "x".repeat(2000), beneficiary: { name: "y".repeat(500), lei: null } };
    for (const change of [{}, long, { use: null }])
      expect(() => checkTerms({ ...TERMS, ...change })).not.toThrow();
  });

  it.each<[string, Partial<RetirementTerms>]>([
    ["country", { country: "cn" }],
    ["blank name", { beneficiary: { name: " ", lei: null } }],
    ["long name", { beneficiary: { name: "y".repeat(501), lei: null } }],
    ["short LEI", { beneficiary: { name: "y", lei: "1".repeat(17) } }],
    ["LEI of 19", { beneficiary: { name: "y", lei: "1".repeat(19) } }],
    ["long LEI", { beneficiary: { name: "y", lei: "1".repeat(21) } }],
    ["LEI in small letters", { beneficiary: { name: "y", lei: "a".repeat(20) } }],
    ["long use", { use: "x".repeat(2001) }],
  ])("are refused with a %s", (_what, change) => {
    expect(() => checkTerms({ ...TERMS, ...change })).toThrowError(refusedFor("retire.terms"));
  });
});
