import { UsageError } from "../../base/errors/errors.ts";
import type { Hex, RegionCode } from "../../base/types/ids.ts";
import type { Milligrams } from "../../base/types/quantities.ts";
import type { ChosenPurpose } from "../../base/types/retirement.ts";
import { canonicalJson } from "../../format/canonicalJson.ts";
import { parseDisclosure, type RetirementDisclosure } from "../../format/onchain/retirementDisclosure.ts";
import type { StoredRetirement } from "./ports.ts";
import { COUNTRY_CODE, LEGAL_ENTITY_ID } from "../../base/lib/textPatterns.ts";

/** What somebody asks to be retired, and for what. */
export interface RetirementTerms {
  readonly amount: Milligrams;
  readonly purpose: ChosenPurpose;
  readonly beneficiary: { readonly name: string; readonly lei: string | null };
  /** What it was used for, in words; null for nothing to say. */
  readonly use: string | null;
  /** Null: the vintage of what is taken. */
  readonly reportingYear: number | null;
  /** ISO 3166-1 alpha-2; null: that in whose inventory the reductions are that are taken. */
  readonly country: string | null;
  /** Who is to recognise it, and how much at least; left out where nobody is asked. */
  readonly recognition?: { readonly authority: RegionCode; readonly claim: Milligrams };
}

/** @throws UsageError `retire.terms` */
export function checkTerms({ country, beneficiary, use }: RetirementTerms): void {
  if (country !== null && !COUNTRY_CODE.test(country))
    throw new UsageError("retire.terms", "A country is two capital letters of ISO 3166-1, such as CN.");
  if (beneficiary.name.trim() === "" || beneficiary.name.length > 500)
    throw new UsageError("retire.terms", "A beneficiary's name has 1 to 500 characters.");
  if (beneficiary.lei !== null && !LEGAL_ENTITY_ID.test(beneficiary.lei)) {
    throw new UsageError("retire.terms", "An LEI has 20 and a USCC 18 digits and capital letters.");
  }
  if ((use ?? "").length > 2000)
    throw new UsageError("retire.terms", "The text of what it is used for has at most 2,000 characters.");
}

/** @param salt 32 bytes, drawn anew for each retirement */
export function disclosureOf(
  { beneficiary, use }: Pick<RetirementTerms, "beneficiary" | "use">,
  salt: Hex,
): RetirementDisclosure {
  const name = beneficiary.name.normalize("NFC");
  return {
    beneficiary: beneficiary.lei === null ? { name } : { name, lei: beneficiary.lei },
    salt,
    use: (use ?? "").normalize("NFC"),
  };
}

/**
 * A reference that comes again must ask for the same, or somebody is about to be told of a retirement that is
 * not theirs.
 * @throws UsageError `retire.reference`
 */
export function checkSameTerms(
  known: Pick<StoredRetirement, "disclosed" | "purpose" | "country" | "reportingYear" | "amounts">,
  asked: RetirementTerms,
): void {
  const stored = known.disclosed === null ? null : parseDisclosure(known.disclosed);
  const { recognition = null, ...disclosed } = stored ?? { salt: "0x" };
  const same =
    canonicalJson(disclosureOf(asked, disclosed.salt)) === canonicalJson(disclosed) &&
    (recognition?.authority ?? null) === (asked.recognition?.authority ?? null) &&
    (recognition?.claim ?? null) === (asked.recognition?.claim ?? null) &&
    known.purpose === asked.purpose &&
    (asked.country === null || known.country === asked.country) &&
    (asked.reportingYear === null || known.reportingYear === asked.reportingYear) &&
    known.amounts.reduce((sum, { milligrams }) => sum + milligrams, 0n) === asked.amount;
  if (!same)
    throw new UsageError(
      "retire.reference",
      "This reference was used for a retirement with other terms. Choose another reference, or repeat " +
        "the same terms.",
    );
}
