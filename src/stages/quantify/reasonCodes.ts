/**
 * Every reason for which a record earns nothing, with its sentence. Closed, like the reason codes of ingest.
 */
export const QUANTIFY_SENTENCES = {
  "methodology.none": "No methodology of the region counts this scenario in this unit.",
  "methodology.expired":
    "The region has methodologies for this scenario, but none that is valid on the day on which the " +
    "act started.",
  "methodology.test-only":
    "The methodology for this act exists for tests only and is refused outside a local network.",
  "reduction.zero": "The act saves less than one milligram.",
  "reduction.too-large": "The act would save 2^63 milligrams or more, which no leaf can hold.",
} as const;

export type QuantifyCode = keyof typeof QUANTIFY_SENTENCES;

/** Why a record was not quantified. `field` names what of the record decided; null where the result did. */
export interface QuantifyRefusal {
  readonly code: QuantifyCode;
  readonly field: "scenario" | "unit" | "startedAt" | "quantity";
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
  zero: of("reduction.zero", "quantity"),
  tooLarge: of("reduction.too-large", "quantity"),
} as const;
