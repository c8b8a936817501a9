import { CheckFailedError } from "../../../base/errors/errors.ts";

/**
 * A signed file is refused as a whole.
 * @param what what is wrong @param remedy what to do, both without a full stop
 */
export function signatureRefusal(code: string, what: string, remedy: string): CheckFailedError {
  return new CheckFailedError(`signature.${code}`, `Nothing of the file was taken: ${what}. ${remedy}.`);
}
