import type { UnixSeconds } from "../../../base/types/quantities.ts";

/** By how much a provider's clock may be ahead of ours. */
export const MAX_AHEAD_SECONDS = 300;

/**
 * When something that is said to be signed at `signedAt` counts as arrived, where it came at `now`: the later
 * of the two, so that a revocation between them hits it.
 */
export function arrivalTime(now: UnixSeconds, signedAt: UnixSeconds): UnixSeconds {
  return now > signedAt ? now : signedAt;
}
