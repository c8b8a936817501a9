import { utcText } from "../../base/lib/time/calendar.ts";
import { SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { Manifest } from "../../format/batch/manifest.ts";
import { attestRefusal } from "./attestRefusal.ts";

/** By how much clocks of operators, providers and verifiers may differ. */
export const CLOCK_SECONDS = 10 * SECONDS_PER_MINUTE;

/**
 * The time of closing is the operator's word, and by it the plausibility rules in force are found: it is
 * neither to come nor before the batch that this one follows. That no act starts after it, `recomputeLeaves`
 * sees.
 * @param previousCreatedAt when the batch before it was closed; null where it is not known here, or there is
 * none
 * @throws CheckFailedError `attest.created-later`, `attest.created-earlier`
 */
export function checkCreatedAt(
  { createdAt }: Pick<Manifest, "createdAt">,
  now: UnixSeconds,
  previousCreatedAt: UnixSeconds | null,
): void {
  if (createdAt > now + CLOCK_SECONDS)
    throw attestRefusal(
      "created-later",
      `it says that it was closed at ${utcText(createdAt)}, and it is ${utcText(now)} now`,
    );
  if (previousCreatedAt !== null && createdAt < previousCreatedAt)
    throw attestRefusal(
      "created-earlier",
      `it says that it was closed at ${utcText(createdAt)}, and the batch that it follows at ` +
        utcText(previousCreatedAt),
    );
}
