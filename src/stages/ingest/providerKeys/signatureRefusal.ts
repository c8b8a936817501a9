import { CheckFailedError } from "../../../base/errors/errors.ts";
import type { Remedy } from "../../../base/errors/remedy.ts";

/**
 * A signed file is refused as a whole.
 * @param what what is wrong @param advice what to do, both without a full stop
 */
export function signatureRefusal(
  code: string,
  what: string,
  advice: string,
  remedy: Remedy | null = null,
): CheckFailedError {
  return new CheckFailedError(`signature.${code}`, `Nothing of the file was taken: ${what}. ${advice}.`, {
    remedy,
  });
}
