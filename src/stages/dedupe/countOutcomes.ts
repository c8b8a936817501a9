import type { Reduction } from "../../base/types/reduction.ts";
import { DUPLICATE_CODES, type AdmissionCounts, type AdmissionOutcome, type DuplicateCode } from "./ports.ts";

/** What a chunk came to. Claims and caps count as `implausible` too (`AdmissionCounts`). */
export function countOutcomes(
  outcomes: readonly AdmissionOutcome[],
  accepted: readonly Reduction[],
): AdmissionCounts {
  const counts = new Map<AdmissionOutcome, number>();
  for (const outcome of outcomes) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  const duplicates = Object.fromEntries(
    DUPLICATE_CODES.map((code) => [code, counts.get(code) ?? 0]),
  ) as Record<DuplicateCode, number>;
  const known = Object.values(duplicates).reduce((sum, count) => sum + count, accepted.length);
  return {
    accepted: accepted.length,
    implausible: outcomes.length - known,
    duplicates,
    milligrams: accepted.reduce((sum, { milligrams }) => sum + milligrams, 0n),
  };
}
