import type { RegionCode } from "../../base/types/ids.ts";
import type { Purpose } from "../../base/types/retirement.ts";
import type { RecognitionMatrix, RecognitionRule } from "./matrixSchema.ts";

/** What is to be recognised: grams of one batch, for one purpose. */
export interface RecognitionQuestion {
  /** Region of the batch: whose rule counted its acts, not where they took place. */
  readonly issuer: RegionCode;
  /** Codes of all methodologies of the batch: any gram may stand on any of them. */
  readonly methodologies: readonly string[];
  /** Calendar year of the batch. */
  readonly vintage: number;
  readonly purpose: Purpose;
  /** UTC day on which the retirement is asked for, `YYYY-MM-DD`. */
  readonly day: string;
}

/** How an authority recognises grams: whole where they are of its own region, else by a rule. */
export interface Recognition {
  /** Null for the authority's own region. */
  readonly rule: string | null;
  readonly discountBps: number;
}

/**
 * By which of an authority's rules grams are recognised, or null. Each methodology of the batch needs a rule;
 * of all rules that fit, the one with the highest discount binds, so nobody gains by a batch that mixes. Not
 * transitive: what another authority recognises makes no difference.
 * @param matrix null where the authority has published none
 */
export function recognitionOf(
  authority: RegionCode,
  matrix: RecognitionMatrix | null,
  question: RecognitionQuestion,
): Recognition | null {
  if (question.issuer === authority) return { rule: null, discountBps: 0 };
  const fitting = (matrix?.rules ?? []).filter((rule) => fits(rule, question));
  const covers = ({ methodologies }: RecognitionRule, code: string): boolean =>
    methodologies === null || methodologies.includes(code);
  if (!question.methodologies.every((code) => fitting.some((rule) => covers(rule, code)))) return null;
  let hardest: RecognitionRule | null = null;
  for (const rule of fitting) {
    const binds = question.methodologies.some((code) => covers(rule, code));
    if (binds && (hardest === null || rule.discountBps > hardest.discountBps)) hardest = rule;
  }
  return hardest && { rule: hardest.id, discountBps: hardest.discountBps };
}

function fits(
  { issuers, vintages, purposes, validFrom, validTo }: RecognitionRule,
  { issuer, vintage, purpose, day }: RecognitionQuestion,
): boolean {
  return (
    issuers.includes(issuer) &&
    vintage >= vintages.first &&
    vintage <= vintages.last &&
    (purposes === null || purposes.includes(purpose)) &&
    day >= validFrom &&
    day <= validTo
  );
}
