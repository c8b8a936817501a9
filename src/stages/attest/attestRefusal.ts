import { CheckFailedError } from "../../base/errors/errors.ts";
import type { Remedy } from "../../base/errors/remedy.ts";

/** A verifier does not sign. @param what the reason, without a full stop */
export function attestRefusal(code: string, what: string, remedy: Remedy | null = null): CheckFailedError {
  return new CheckFailedError(`attest.${code}`, `The batch is not attested: ${what}.`, { remedy });
}
