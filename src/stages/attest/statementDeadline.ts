import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";

/**
 * The last second in which the registry may take signatures that are made at `now` and stay good for
 * `statementSeconds`: the end of the UTC day in which that period ends, since verifiers of one batch must
 * sign one deadline and begin at different times.
 */
export function statementDeadline(now: UnixSeconds, statementSeconds: number): UnixSeconds {
  return (Math.ceil((now + statementSeconds) / SECONDS_PER_DAY) * SECONDS_PER_DAY) as UnixSeconds;
}
