import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import { decisionHash } from "./decisionHash.ts";
import type { Decision } from "./ports.ts";

/**
 * Holds the chain of decisions against its hashes. Returns the last hash, which whoever keeps it elsewhere
 * can compare later; null where nothing was decided.
 * @param rows oldest first
 * @throws CheckFailedError `rules.decisions` naming the first row that is not what was written
 */
export function checkDecisions(rows: readonly { decision: Decision; hash: Hex }[]): Hex | null {
  let previous: Hex | null = null;
  for (const [index, { decision, hash }] of rows.entries()) {
    if (decision.sequence !== index + 1 || decisionHash(decision, previous) !== hash)
      throw new CheckFailedError(
        "rules.decisions",
        `Row ${String(index + 1)} of the decisions about rules is not the one that was written: somebody ` +
          "changed, took out or put in a row. Restore the database from a copy.",
      );
    previous = hash;
  }
  return previous;
}
