import { CheckFailedError } from "../base/errors/errors.ts";

/** Refuses a proof. @throws CheckFailedError `verify.<fault>` */
export function refuse(fault: string, sentence: string): never {
  throw new CheckFailedError(`verify.${fault}`, sentence);
}
