import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { AttemptDecision, AttemptOutcome, EndpointStanding } from "./ports.ts";

/**
 * Standard Webhooks: an endpoint that has failed "for a period of time" is to be disabled. Longer than all
 * attempts of one delivery.
 */
const FAILING_SECONDS = 5 * SECONDS_PER_DAY;

/**
 * A delivery is delivered, failed for good or pending again. An endpoint whose receiver is gone, or has done
 * nothing but fail for five days, is switched off; one that is off already stays so for its own reason.
 */
export function decideAttempt(
  { failingSince: failing, disabled }: EndpointStanding,
  { at, next }: AttemptOutcome,
): AttemptDecision {
  const retryAfter = typeof next === "number" ? next : null;
  const failingSince = next === "delivered" ? null : (failing ?? at);
  const hasFailed = failingSince !== null && at - failingSince >= FAILING_SECONDS;
  return {
    state: next === "delivered" ? "delivered" : retryAfter === null ? "failed" : "pending",
    retryAfter,
    failingSince,
    disable: disabled ? null : next === "gone" ? "gone" : hasFailed ? "failing" : null,
  };
}
