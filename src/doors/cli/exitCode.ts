import { MicrotonneError, UnavailableError, UsageError } from "../../base/errors/errors.ts";

/** What the command's exit code says, the same for every command. */
export const EXIT = { fine: 0, checkFailed: 1, wrongUsage: 2, broken: 3, waits: 4, unanchored: 5 } as const;

/** Exit code of an error: usage 2; what a check, an input or the state refuses 1; what broke 3. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.wrongUsage;
  if (error instanceof UnavailableError) return EXIT.broken;
  if (error instanceof MicrotonneError) return EXIT.checkFailed;
  return EXIT.broken;
}
