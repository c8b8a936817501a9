import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import type { ProjectDecision } from "./ports.ts";
import { projectDecisionHash } from "./projectDecisionHash.ts";

/**
 * Holds the chain of decisions against its hashes. Returns the last hash; null where nothing was decided.
 * @param rows oldest first
 * @throws CheckFailedError `project.decisions` naming the first row that is not what was written
 */
export function checkProjectDecisions(
  rows: readonly { readonly decision: ProjectDecision; readonly hash: Hex }[],
): Hex | null {
  let previous: Hex | null = null;
  for (const [index, { decision, hash }] of rows.entries()) {
    if (decision.sequence !== index + 1 || projectDecisionHash(decision, previous) !== hash)
      throw new CheckFailedError(
        "project.decisions",
        `Row ${String(index + 1)} of the decisions about projects is not the one that was written: ` +
          "somebody changed, took out or put in a row. Restore the database from a copy.",
      );
    previous = hash;
  }
  return previous;
}
