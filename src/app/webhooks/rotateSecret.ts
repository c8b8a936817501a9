import { replaceSecret } from "../../adapters/storage/webhooks/endpointSecrets.ts";
import { newWebhookSecret } from "../../adapters/webhooks/signWebhook.ts";
import { InputError } from "../../base/errors/errors.ts";
import { SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { secretOf, type WebhookContext } from "./webhookContext.ts";

const MAX_OVERLAP_SECONDS = 7 * SECONDS_PER_DAY;

/**
 * Gives an endpoint a new secret, answered here and never again. Until the overlap is over both sign, so that
 * its owner can change at its own time; 0 ends the old one at once, for one that has leaked. A day where
 * not given. A rotation in the overlap ends the oldest secret.
 * @throws UsageError `webhook.unknown`; InputError `webhook.overlap`
 */
export async function rotateSecret(
  context: WebhookContext,
  endpointId: string,
  overlapSeconds: number = SECONDS_PER_DAY,
): Promise<{ readonly secret: string; readonly previousUntil: UnixSeconds }> {
  const { db, tenant, clock, randomness, sealer } = context;
  if (!Number.isSafeInteger(overlapSeconds) || overlapSeconds < 0 || overlapSeconds > MAX_OVERLAP_SECONDS) {
    throw new InputError(
      "webhook.overlap",
      `Two secrets can sign together for 0 to ${String(MAX_OVERLAP_SECONDS)} seconds.`,
    );
  }
  const secret = newWebhookSecret(randomness);
  const previousUntil = (clock.now() + overlapSeconds) as UnixSeconds;
  await replaceSecret(db, tenant, endpointId, {
    sealedSecret: sealer.seal(secret, secretOf({ tenant, endpointId })),
    previousUntil,
  });
  return { secret, previousUntil };
}
