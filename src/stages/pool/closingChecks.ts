import { StateError } from "../../base/errors/errors.ts";
import { monthText } from "../../base/lib/time/calendar.ts";
import type { ClosingChecks } from "./ports.ts";

/** What refuses a closing while it starts. */
export const closingChecks: ClosingChecks = {
  head(head, previousBatchId) {
    if (head === previousBatchId) return;
    throw new StateError(
      "closing.head-moved",
      `The batch sealed last is ${head ?? "none"}, not ${previousBatchId ?? "none"}. Read the head again ` +
        "and start anew.",
    );
  },
  open(region, reductions) {
    if (reductions > 0n) return;
    throw new StateError(
      "closing.nothing-open",
      `No open reduction of region ${region} falls into these days.`,
      { remedy: { act: "ingest-or-list-batches" } },
    );
  },
  excluded(claim) {
    if (claim === null) return;
    throw new StateError(
      "closing.excluded",
      `Records of ${claim.provider} count an asset in ${monthText(claim.month)} that ${claim.claimant} ` +
        "claims: acts and a project don't both count it, and the first that was admitted keeps. Nothing " +
        "was closed. Compare asset_claims with a copy of the database: admission lets no such record in.",
    );
  },
};
