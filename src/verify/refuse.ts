import { CheckFailedError } from "../base/errors/errors.ts";
import type { Remedy } from "../base/errors/remedy.ts";

/** Refuses a proof. @throws CheckFailedError `verify.<fault>` */
export function refuse(fault: string, sentence: string, remedy: Remedy | null = null): never {
  throw new CheckFailedError(`verify.${fault}`, sentence, { remedy });
}
