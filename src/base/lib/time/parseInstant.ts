import { InputError } from "../../errors/errors.ts";
import type { UnixSeconds } from "../../types/quantities.ts";

const INSTANT =
  /^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2})?(?:Z|[+-][0-9]{2}:[0-9]{2}))?$/;

/**
 * An instant as people write it: `2026-03-01` (its first second in UTC), `2026-03-01T08:00:00Z` or with
 * another offset.
 * @throws InputError `time.malformed`
 */
export function parseInstant(text: string): UnixSeconds {
  const milliseconds = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  // Engines roll 31 February over; the day must come back as it was written.
  const rolled = Number.isNaN(Date.parse(`${text.slice(0, 10)}T00:00:00Z`)) || !sameDay(text.slice(0, 10));
  if (!(milliseconds >= 0) || rolled) {
    throw new InputError(
      "time.malformed",
      "A time is written as 2026-03-01 or 2026-03-01T08:00:00Z, from 1970 on.",
    );
  }
  return Math.floor(milliseconds / 1000) as UnixSeconds;
}

function sameDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) === day;
}
