import { expect } from "vitest";

/**
 * A whole sentence, or one and a command to give: nothing is missing where a name, a number or a part of it
 * should stand. Its first letter may be small, since a path or a field may come first.
 */
export const SENTENCE =
  /^(?!.*(?:\[object| [.,:;)](?:\s|$)|\( |\w {2,}\w|[.:,;][.]$|""|''))\S.{10,}[^\s:,;]$/s;

/** An error with this code that says what is wrong in a whole sentence. */
export function refusedFor(code: string): Error {
  return expect.objectContaining({ code, message: expect.stringMatching(SENTENCE) as string }) as Error;
}
