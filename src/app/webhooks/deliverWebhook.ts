import { findAttempt, type DeliveryAttempt } from "../../adapters/storage/webhooks/deliveries.ts";
import { sealedSecrets } from "../../adapters/storage/webhooks/endpointSecrets.ts";
import { recordAttempt } from "../../adapters/storage/webhooks/recordAttempt.ts";
import { postWebhook } from "../../adapters/webhooks/postWebhook.ts";
import { signWebhook } from "../../adapters/webhooks/signWebhook.ts";
import { UnavailableError } from "../../base/errors/errors.ts";
import { attemptOutcome } from "../../stages/webhooks/attemptOutcome.ts";
import { decideAttempt } from "../../stages/webhooks/decideAttempt.ts";
import { scheduleBy, secretOf, type DeliveryContext } from "./webhookContext.ts";

/**
 * Makes one attempt to deliver an event, and notes what came of it together with the plan for the next.
 * Killed in between, it is made again with the same webhook-id. An attempt that is no longer wanted is passed
 * over.
 * @throws UnavailableError `webhook.stopped` where it was broken off by `signal`, so that nothing is known of
 * it
 */
export async function deliverWebhook(
  context: DeliveryContext,
  attempt: DeliveryAttempt,
  signal?: AbortSignal,
): Promise<void> {
  const { db, clock, randomness, sealer, config, lookup, queue, log } = context;
  const message = await findAttempt(db, attempt);
  if (message === null) return;
  const now = clock.now();
  const secrets = await sealedSecrets(db, attempt.tenant, attempt.endpointId, now);
  const headers = signWebhook(
    attempt.deliveryId,
    now,
    message.body,
    secrets.map((sealed) => sealer.unseal(sealed, secretOf(attempt))),
  );
  const answer = await postWebhook(message.url, headers, message.body, {
    allow: config.webhookAllow,
    lookup,
    ...(signal ? { signal } : {}),
  });
  if ("failure" in answer && signal?.aborted === true)
    throw new UnavailableError("webhook.stopped", "The attempt was broken off.");
  const chance = (randomness.bytes(1)[0] as number) / 256;
  const outcome = attemptOutcome(answer, clock.now(), attempt.attempts + 1, chance);
  await recordAttempt(db, attempt, outcome, { decide: decideAttempt, schedule: scheduleBy(queue) });
  log.info(
    {
      delivery: attempt.deliveryId,
      attempt: attempt.attempts + 1,
      status: outcome.status,
      failure: outcome.failure,
    },
    "webhook",
  );
}
