import { CheckFailedError } from "../../base/errors/errors.ts";

/** A verifier does not sign. @param what the reason, without a full stop */
export function attestRefusal(code: string, what: string): CheckFailedError {
  return new CheckFailedError(`attest.${code}`, `The batch is not attested: ${what}.`);
}
