import { UsageError } from "../../../base/errors/errors.ts";
import type { RevocationReason } from "../../../base/types/providerKey.ts";
import type { UnixSeconds } from "../../../base/types/quantities.ts";
import { MAX_AHEAD_SECONDS } from "./signingClock.ts";

/**
 * When a revocation that is asked for at `now` takes effect.
 * @param requested null: now; of a retired key, when clocks that are ahead of ours are past now
 * @throws UsageError `provider-key.time` for an orderly end that is not ahead or a compromise that is
 */
export function revocationTime(
  reason: RevocationReason,
  requested: UnixSeconds | null,
  now: UnixSeconds,
): UnixSeconds {
  // What was signed by a clock ahead of ours, and taken, stays signed.
  const earliest = (now + MAX_AHEAD_SECONDS + 1) as UnixSeconds;
  const at = requested ?? (reason === "retired" ? earliest : now);
  if (reason === "retired" ? at >= earliest : at <= now) return at;
  throw new UsageError(
    "provider-key.time",
    reason === "retired"
      ? "A key is retired from five minutes ahead or a later time on; what it signed before stays " +
          "signed. Where it can't be trusted for the past, it is compromised."
      : "A key is compromised from now or an earlier time on.",
  );
}
