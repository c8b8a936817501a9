import { UsageError } from "./errors.ts";
import { fileFault } from "./fileFault.ts";

/**
 * A file that was named can't be read.
 * @param what what it is, with its path, as the sentence begins
 * @param advice a sentence more, after a blank
 */
export function fileUnreadable(what: string, cause: unknown, advice = ""): UsageError {
  return new UsageError("file.unreadable", `${what} can't be read${fileFault(cause)}.${advice}`, { cause });
}
