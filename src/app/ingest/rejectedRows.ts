import { IMPLAUSIBLE_DAY_CODES, type ImplausibleDayCode } from "../../base/types/plausibility.ts";
import type { AdmissionOutcome } from "../../stages/dedupe/ports.ts";
import type { RejectedRow } from "../../stages/ingest/rejectsCsv.ts";
import { implausible } from "../../stages/plausibility/reasonCodes.ts";
import type { SeenTaps } from "./seenTaps.ts";

/** True where admission refused an act beside its subject's other acts. */
export function isImplausible(outcome: AdmissionOutcome): outcome is ImplausibleDayCode {
  return (IMPLAUSIBLE_DAY_CODES as readonly string[]).includes(outcome);
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
    if (!isImplausible(outcome)) return [];
    return [...parts, { row, raw }].map((one) => ({ row: one.row, raw: one.raw, ...implausible(outcome) }));
  });
  return late.length === 0 ? [...refused] : [...refused, ...late].toSorted((a, b) => a.row - b.row);
}
