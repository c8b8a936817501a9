import { InputError } from "../../errors/errors.ts";
import { SECONDS_PER_DAY, SECONDS_PER_HOUR, SECONDS_PER_MINUTE } from "./units.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1,
  m: SECONDS_PER_MINUTE,
  h: SECONDS_PER_HOUR,
  d: SECONDS_PER_DAY,
};

/**
 * Seconds of a length of time as people write it: `90s`, `30m`, `24h`, `7d`.
 * @throws InputError `time.malformed`
 */
export function parseDuration(text: string): number {
  const [, digits, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined)
    throw new InputError("time.malformed", "A length of time is written as 90s, 30m, 24h or 7d.");
  return Number(digits) * (UNITS[unit] as number);
}
