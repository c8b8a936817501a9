import type { AdmissionOutcome } from "./ports.ts";

/**
 * Whether the record of an outcome is here once its chunk is admitted. Being here already goes before every
 * other reason to refuse: an outcome of another reason is final only for a record that was looked up.
 */
export function isHereAfter(outcome: AdmissionOutcome): boolean {
  return outcome === "accepted" || outcome === "duplicate.record-id";
}
