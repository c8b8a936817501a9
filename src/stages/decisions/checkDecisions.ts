import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Hex } from "../../base/types/ids.ts";
import { decisionHash } from "./decisionHash.ts";

/** One row of what people decided, chained to the one before it by its hash. */
interface DecisionRow {
  readonly decision: {
    /** From 1, without gaps. */
    readonly sequence: number;
  };
  readonly hash: Hex;
}

const CODES = { rules: "rules.decisions", projects: "project.decisions" } as const;

/**
 * Holds a chain of decisions against its hashes. Returns the last hash, which whoever keeps it elsewhere can
 * compare later; null where nothing was decided.
 * @param about what was decided
 * @param rows oldest first
 * @throws CheckFailedError `rules.decisions` or `project.decisions`, naming the first row that is not what
 * was written
 */
export function checkDecisions(about: keyof typeof CODES, rows: readonly DecisionRow[]): Hex | null {
  let previous: Hex | null = null;
  for (const [index, { decision, hash }] of rows.entries()) {
    if (decision.sequence !== index + 1 || decisionHash(decision, previous) !== hash)
      throw new CheckFailedError(
        CODES[about],
        `Row ${String(index + 1)} of the decisions about ${about} is not the one that was written: ` +
          "somebody changed, took out or put in a row. Restore the database from a copy.",
      );
    previous = hash;
  }
  return previous;
}
