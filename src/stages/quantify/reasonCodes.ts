/**
 * Every reason for which a record earns nothing, with its sentence. Closed, like the reason codes of ingest.
 */
export const QUANTIFY_SENTENCES = {
  "methodology.none": "No methodology of the region counts this scenario in this unit.",
  "methodology.expired":
    "The region has methodologies for this scenario, but none that was valid when the act started.",
  "methodology.test-only":
    "The methodology for this act exists for tests only and is refused outside a local network.",
  "methodology.subject":
    "The methodology caps what a subject earns in a day or a year, and the record names none.",
  "methodology.signatures": "The methodology asks for signatures of more providers than signed the record.",
  "attestor.missing": "The methodology asks for attestors' signatures, and the record carries none.",
  "attestor.malformed":
    "What the record carries of attestors is not in three attributes each, of 64 lower-case hex digits.",
  "attestor.unknown": "The record is signed with a key that the methodology does not name.",
  "attestor.twice": "The record carries two signatures of one attestor, who counts once.",
  "attestor.signature": "An attestor's signature is not over this record.",
  "methodology.week":
    "A weekly budget counts a week that starts on a Monday at 00:00 in the methodology's zone and ends on " +
    "its Sunday.",
  "attribute.missing": "The record lacks an attribute that the methodology asks for.",
  "attribute.malformed":
    "An attribute is not what the methodology asks for: a plain decimal number, a whole number of days, " +
    "or a calendar day.",
  "predicate.at-most": "An attribute is above the most for which the methodology counts.",
  "predicate.at-least": "An attribute is below the least for which the methodology counts.",
  "predicate.one-of": "An attribute is none of those for which the methodology counts.",
  "predicate.not-before": "An attribute is a day before the first for which the methodology counts.",
  "predicate.not-after": "An attribute is a day after the last for which the methodology counts.",
  "rule.no-row": "The methodology's table has no row for this act.",
  "rule.saving-too-small": "The saving is below the share or the amount from which the methodology counts.",
  "rule.coverage": "Fewer days of the week were measured than the methodology asks for.",
  "rule.budget-spent": "What the week emitted leaves nothing of its budget.",
  "reduction.zero": "The act saves less than one milligram.",
  "reduction.too-large": "The act would save 2^63 milligrams or more, which no leaf can hold.",
} as const;

export type QuantifyCode = keyof typeof QUANTIFY_SENTENCES;

/** Why a record was not quantified. `field` names what of the record decided; null where the result did. */
export interface QuantifyRefusal {
  readonly code: QuantifyCode;
  readonly field: "scenario" | "unit" | "subject" | "startedAt" | "quantity" | `attributes.${string}`;
  readonly sentence: string;
}

/** The refusals, made once. */
const of = (code: QuantifyCode, field: QuantifyRefusal["field"]): QuantifyRefusal => ({
  code,
  field,
  sentence: QUANTIFY_SENTENCES[code],
});
export const REFUSALS = {
  scenario: of("methodology.none", "scenario"),
  unit: of("methodology.none", "unit"),
  expired: of("methodology.expired", "startedAt"),
  testOnly: of("methodology.test-only", "scenario"),
  subject: of("methodology.subject", "subject"),
  signatures: of("methodology.signatures", "scenario"),
  attestorMissing: of("attestor.missing", "scenario"),
  week: of("methodology.week", "startedAt"),
  noRow: of("rule.no-row", "startedAt"),
  savingTooSmall: of("rule.saving-too-small", "quantity"),
  budgetSpent: of("rule.budget-spent", "quantity"),
  zero: of("reduction.zero", "quantity"),
  tooLarge: of("reduction.too-large", "quantity"),
} as const;

/** A refusal for the sake of an attribute. It names the attribute, and never its value. */
export function attributeRefusal(code: QuantifyCode, attribute: string): QuantifyRefusal {
  return {
    code,
    field: `attributes.${attribute}`,
    sentence: `${QUANTIFY_SENTENCES[code]} (${attribute})`,
  };
}
