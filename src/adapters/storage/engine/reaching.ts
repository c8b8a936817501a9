import { UnavailableError } from "../../../base/errors/errors.ts";
import { isCutShort, isUnreachable } from "./sqlState.ts";

/**
 * A call of a server, with what hinders it said in our words.
 * @throws UnavailableError `storage.unavailable`, `storage.cut-short`
 */
export async function reaching<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (isCutShort(cause)) {
      throw new UnavailableError(
        "storage.cut-short",
        "The database ended a statement that took longer than its settings let it, or somebody cancelled " +
          "it. Give the program's role more time (ALTER ROLE … SET statement_timeout = 0; lock_timeout, " +
          "idle_in_transaction_session_timeout and transaction_timeout likewise), then run the command " +
          "again: it goes on where it was.",
        { cause },
      );
    }
    if (!isUnreachable(cause)) throw cause;
    throw new UnavailableError(
      "storage.unavailable",
      "The database can't be reached or closed the connection. See that it runs, then run the command " +
        "again: it goes on where it was.",
      { cause },
    );
  }
}
