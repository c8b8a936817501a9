import { IMPLAUSIBLE_DAY_CODES, type ImplausibleDayCode } from "../../base/types/plausibility.ts";
import { CAP_SENTENCES } from "../../stages/dedupe/capSentences.ts";
import { CLAIM_SENTENCES } from "../../stages/dedupe/claimSentences.ts";
import {
  CAP_CODES,
  CLAIM_CODES,
  type AdmissionOutcome,
  type CapCode,
  type ClaimCode,
} from "../../stages/dedupe/ports.ts";
import type { RejectedRow } from "../../stages/ingest/rejectsCsv.ts";
import { implausible } from "../../stages/plausibility/reasonCodes.ts";
import type { SeenTaps } from "./seenTaps.ts";

/** Why admission refuses what is no duplicate. */
type RejectionCode = ImplausibleDayCode | ClaimCode | CapCode;

/**
 * True where admission refused an act beside its subject's other acts, or other claims on its asset, or
 * because a cap left nothing of it.
 */
export function isRejected(outcome: AdmissionOutcome): outcome is RejectionCode {
  return isClaim(outcome) || isCap(outcome) || (IMPLAUSIBLE_DAY_CODES as readonly string[]).includes(outcome);
}

function isCap(outcome: AdmissionOutcome): outcome is CapCode {
  return (CAP_CODES as readonly string[]).includes(outcome);
}

function isClaim(outcome: AdmissionOutcome): outcome is ClaimCode {
  return (CLAIM_CODES as readonly string[]).includes(outcome);
}

/** Why admission refused a row, as its owner reads it. */
export function rejectionOf(outcome: RejectionCode): Pick<RejectedRow, "field" | "code" | "sentence"> {
  if (isCap(outcome)) return { field: "quantity", code: outcome, sentence: CAP_SENTENCES[outcome] };
  return isClaim(outcome)
    ? {
        field: outcome === "project.above-capacity" ? "quantity" : "asset",
        code: outcome,
        sentence: CLAIM_SENTENCES[outcome],
      }
    : implausible(outcome);
}

/**
 * All refused rows of an admitted chunk, in the order of the file: those refused before admission, and those
 * refused by it.
 */
export function rejectedRows({
  keyed,
  refused,
  outcomes,
}: SeenTaps & { readonly outcomes: readonly AdmissionOutcome[] }): RejectedRow[] {
  const late = keyed.flatMap(({ row, raw, parts }, index): RejectedRow[] => {
    const outcome = outcomes[index] ?? "accepted";
    if (!isRejected(outcome)) return [];
    return [...parts, { row, raw }].map((one) => ({ row: one.row, raw: one.raw, ...rejectionOf(outcome) }));
  });
  return late.length === 0 ? [...refused] : [...refused, ...late].toSorted((a, b) => a.row - b.row);
}
