import { tmpdir } from "node:os";
import { MicrotonneError } from "../../base/errors/errors.ts";
import type { Config } from "../process/config.ts";
import { serviceSentence } from "./serviceSentence.ts";

/** What went wrong, for whoever asks later. */
export interface Problem {
  readonly code: string;
  readonly detail: string;
}

/**
 * The code and sentence of an error, in the words of the service; of one that was not foreseen only that
 * it was: its text may hold
 * anything.
 */
export function problemOf(error: unknown, { folder }: Pick<Config, "folder">): Problem {
  if (error instanceof MicrotonneError)
    return { code: error.code, detail: serviceSentence(error.message, [folder, process.cwd(), tmpdir()]) };
  return { code: "unexpected", detail: "Something broke that nobody foresaw; the operator's log has it." };
}
