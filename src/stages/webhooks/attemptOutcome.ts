import type { UnixSeconds } from "../../base/types/quantities.ts";
import type { AttemptOutcome, WebhookAnswer } from "./ports.ts";
import { parseRetryAfter, retryDelay } from "./retrySchedule.ts";

const GONE = 410;
const ASKS_FOR_TIME = new Set([429, 503]);

/**
 * What came of an attempt, by the rules of Standard Webhooks: 2xx is delivered, 410 says that the receiver is
 * gone, 429 and 503 may ask for time, everything else is tried again.
 * @param attempts how many have been made, this one included
 * @param chance 0 <= chance < 1: spreads the next attempts (`retryDelay`)
 */
export function attemptOutcome(
  answer: WebhookAnswer,
  at: UnixSeconds,
  attempts: number,
  chance: number,
): AttemptOutcome {
  if ("failure" in answer)
    return { at, status: null, failure: answer.failure, next: retryDelay(attempts, chance, null) };
  const { status } = answer;
  const noted = { at, status, failure: null };
  if (status >= 200 && status < 300) return { ...noted, next: "delivered" };
  if (status === GONE) return { ...noted, next: "gone" };
  const retryAfter = ASKS_FOR_TIME.has(status) ? parseRetryAfter(answer.retryAfter, at) : null;
  return { ...noted, next: retryDelay(attempts, chance, retryAfter) };
}
