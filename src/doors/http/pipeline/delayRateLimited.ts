import { setTimeout as sleep } from "node:timers/promises";

/** `Retry-After` is never less. */
const REFUSAL_MILLISECONDS = 1_000;

/**
 * Keeps whoever is over a limit waiting for the answer. A client that asks again at once, as floods do, then
 * asks once a second on each of its connections, instead of keeping the service busy with refusals and with
 * bodies that nobody reads.
 */
export async function delayRateLimited(status: number): Promise<void> {
  if (status === 429) await sleep(REFUSAL_MILLISECONDS);
}
