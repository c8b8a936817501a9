import { MicrotonneError } from "../../../base/errors/errors.ts";

/**
 * What is kept of a handler's error: its code. Messages and stacks of errors that are not ours may hold
 * anything.
 */
export function failureOf(error: unknown): Error & { readonly code: string } {
  const code = error instanceof MicrotonneError ? error.code : "internal";
  const failure = Object.assign(new Error(code), { code });
  delete failure.stack;
  return failure;
}
