import { StateError } from "../../../base/errors/errors.ts";

/**
 * Reads what went wrong off an error of either engine; both carry Postgres' five-character SQLSTATE as
 * `code`.
 */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as Error & { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : "";
}

/** A unique key is taken: another transaction was faster. */
export function isUniqueViolation(error: unknown): boolean {
  return codeOf(error) === "23505";
}

/** There is no table of this name (any more). */
export function isUndefinedTable(error: unknown): boolean {
  return codeOf(error) === "42P01";
}

/** The server gave this transaction up for another one; running it again is right. */
export function isDeadlock(error: unknown): boolean {
  return ["40P01", "40001"].includes(codeOf(error));
}

/**
 * The server is away, refuses, is out of room, or the connection broke: classes 08, 53, 57P and the socket's
 * own errors.
 */
export function isUnreachable(error: unknown): boolean {
  const code = codeOf(error);
  if (
    /^(?:08|53|57P|58)[0-9A-Z]+$/.test(code) ||
    /^(?:ECONN|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_|EHOST|ENETUN)/.test(code)
  )
    return true;
  return (
    error instanceof Error &&
    /^(?:Connection terminated|timeout exceeded when trying|Client (?:has encountered|was closed))/.test(
      error.message,
    )
  );
}

/**
 * The server ended a statement, or a session between two, since a timeout of its settings ran out, or since
 * somebody cancelled it.
 */
export function isCutShort(error: unknown): boolean {
  return ["57014", "55P03", "25P03", "25P04"].includes(codeOf(error));
}

/** Postgres answers COMMIT after a failed statement by undoing everything, and calls it no error. */
export function hiddenFailure(cause?: unknown): StateError {
  return new StateError(
    "storage.not-committed",
    "A statement of this transaction failed and the failure was passed over, so nothing of it was kept.",
    { cause },
  );
}
