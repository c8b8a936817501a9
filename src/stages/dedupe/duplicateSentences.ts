import type { DuplicateCode } from "./ports.ts";

/** What each duplicate code says to people. */
export const DUPLICATE_SENTENCES: Readonly<Record<DuplicateCode, string>> = {
  "duplicate.record-id": "The provider's record with this id is here already.",
  "duplicate.same-content":
    "The provider has reported this very act under another record id: same subject, scenario, times " +
    "and quantity.",
  "duplicate.activity-key":
    "The same subject's act of this kind and minute was reported by another provider or counted by " +
    "another methodology.",
  "duplicate.closed":
    "The same subject's act of this kind and minute is in a batch that is closed; a closed leaf can't grow.",
};
