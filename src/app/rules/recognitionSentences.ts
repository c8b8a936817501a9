import { WHOLE_BPS } from "../../base/lib/basisPoints.ts";
import type { RecognitionMatrix, RecognitionRule } from "../../stages/recognition/matrixSchema.ts";

/** Rules that are told one by one. */
const MAX_TOLD = 20;

/** Whose credits an authority recognises, at what discount and when, in plain words. */
export function recognitionSentences({ authority, rules }: RecognitionMatrix): string[] {
  const more = rules.length - MAX_TOLD;
  return [
    `${authority} recognises credits of its own region whole; no rule is needed for them.`,
    ...(rules.length === 0 ? [`It recognises nobody else's credits.`] : []),
    ...rules.slice(0, MAX_TOLD).map((rule) => ruleSentence(authority, rule)),
    ...(more > 0 ? [`And ${String(more)} more rules.`] : []),
  ];
}

function ruleSentence(authority: string, rule: RecognitionRule): string {
  const { id, issuers, methodologies, vintages, purposes, validFrom, validTo, discountBps, source } = rule;
  const years =
    vintages.first === vintages.last
      ? `vintage ${String(vintages.first)}`
      : `vintages ${String(vintages.first)} to ${String(vintages.last)}`;
  const discount =
    discountBps === 0
      ? "without a discount"
      : `at a discount of ${String(discountBps / 100)} %: of each gram ` +
        `${String((WHOLE_BPS - discountBps) / 100)} % are recognised`;
  return (
    `${id}: ${authority} recognises credits of ${issuers.join(", ")} (${years}, ` +
    `${methodologies === null ? "all methodologies" : `methodologies ${methodologies.join(", ")}`}, ` +
    `${purposes === null ? "all purposes" : `for ${purposes.join(", ")}`}) that are retired from ` +
    `${validFrom} to ${validTo} (UTC, both included), ${discount}. Source: ${source}`
  );
}
