import { describe, expect, it } from "vitest";
import { milligrams } from "../../../../src/base/lib/mass.ts";
import { canonicalJson } from "../../../../src/format/canonicalJson.ts";
import {
  checkSameTerms,
  checkTerms,
  disclosureOf,
  type RetirementTerms,
} from "../../../../src/stages/retire/retirementTerms.ts";
import { id, PLAN } from "./support/retirements.ts";

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
    for (const change of [{}, { reportingYear: null }, { beneficiary: decomposed }])
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
    expect(() => checkSameTerms(KNOWN, { ...TERMS, ...change })).toThrowError(
      expect.objectContaining({ code: "retire.reference" }),
    );
  });
});

describe("the terms of a retirement", () => {
  it("are taken at their bounds", () => {
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
    expect(() => checkTerms({ ...TERMS, ...change })).toThrowError(
      expect.objectContaining({ code: "retire.terms" }),
    );
  });
});
