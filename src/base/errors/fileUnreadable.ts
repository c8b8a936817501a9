import { UsageError } from "./errors.ts";

/** A file that was named can't be read. @param what what it is, with its path, as the sentence begins */
export function fileUnreadable(what: string, cause?: unknown): UsageError {
  return new UsageError("file.unreadable", `${what} can't be read.`, { cause });
}
