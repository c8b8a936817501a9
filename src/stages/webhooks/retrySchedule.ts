import { SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/**
 * Seconds from each failed attempt to the next, as Standard Webhooks recommends (specification,
 * "Deliverability and reliability").
 */
export const RETRY_DELAYS: readonly number[] = [
  5,
  5 * SECONDS_PER_MINUTE,
  30 * SECONDS_PER_MINUTE,
  2 * SECONDS_PER_HOUR,
  5 * SECONDS_PER_HOUR,
  10 * SECONDS_PER_HOUR,
  14 * SECONDS_PER_HOUR,
  20 * SECONDS_PER_HOUR,
  24 * SECONDS_PER_HOUR,
];
const MAX_WAIT_SECONDS = 24 * SECONDS_PER_HOUR;
/** Receivers that failed together are not called again together. */
const JITTER = 0.1;

/**
 * Seconds until the next attempt, or null where the last one was made. A receiver that asks for more time
 * gets it, up to a day; it can't ask for less.
 * @param attempts how many have been made, 1 or more
 * @param chance 0 <= chance < 1: adds up to a tenth
 */
export function retryDelay(attempts: number, chance: number, retryAfter: number | null): number | null {
  const delay = RETRY_DELAYS[attempts - 1];
  if (delay === undefined) return null;
  return Math.max(Math.round(delay * (1 + JITTER * chance)), Math.min(retryAfter ?? 0, MAX_WAIT_SECONDS));
}

/**
 * Seconds that a Retry-After header asks for (RFC 9110, section 10.2.3: a number of seconds or a date); null
 * for one that says neither.
 */
export function parseRetryAfter(header: string | null, now: UnixSeconds): number | null {
  if (header === null) return null;
  if (/^[0-9]{1,9}$/.test(header.trim())) return Number(header);
  // Every form of date begins with a weekday; Date.parse alone would read "-5" as one.
  const date = /^\s*[A-Z][a-z]{2}/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? null : Math.max(0, Math.ceil(date / 1000) - now);
}
