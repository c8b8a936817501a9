import { MicrotonneError } from "../../base/errors/errors.ts";

/** What went wrong, for whoever asks later. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

/**
 * The code and sentence of an error; of one that was not foreseen only that it was: its text may hold
 * anything.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof MicrotonneError) return { code: error.code, detail: error.message };
  return { code: "unexpected", detail: "Something broke that nobody foresaw; the operator's log has it." };
}
