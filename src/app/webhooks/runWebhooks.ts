import { setTimeout as sleep } from "node:timers/promises";
import { RECORDED } from "../../adapters/storage/events/recordEvent.ts";
import type { DeliveryAttempt } from "../../adapters/storage/webhooks/deliveries.ts";
import { endpointsBehind, fanOut } from "../../adapters/storage/webhooks/fanOut.ts";
import { MicrotonneError } from "../../base/errors/errors.ts";
import { deliverWebhook } from "./deliverWebhook.ts";
import { eventBody } from "./eventBody.ts";
import { newId, scheduleBy, WEBHOOK_JOBS, type DeliveryContext } from "./webhookContext.ts";

/** Endpoints that this process calls at once; each of them gets one delivery after another. */
const CONCURRENCY = 8;
const POLL_MS = 2_000;

/**
 * Sends events to their endpoints, those of all tenants, until it is stopped. What this process records goes
 * out at once; what others record, within two seconds. Any number of processes may do so on one database. The
 * queue must know `WEBHOOK_JOBS`; it is stopped by whoever opened it, after this.
 */
export async function runWebhooks(context: DeliveryContext): Promise<{ stop(): Promise<void> }> {
  const { db, queue } = context;
  await queue.work(
    WEBHOOK_JOBS.name,
    { concurrency: CONCURRENCY, onePerGroup: true },
    async ({ data, signal }) => deliverWebhook(context, data as DeliveryAttempt, signal),
  );
  const ends = new AbortController();
  let pause = new AbortController();
  const wake = (): void => pause.abort();
  const deafen = db.listen(RECORDED, wake);
  const running = (async () => {
    while (!ends.signal.aborted) {
      pause = new AbortController();
      try {
        await fanOutAll(context, ends.signal);
      } catch (error) {
        context.log.error(
          { failure: error instanceof MicrotonneError ? error.code : "internal" },
          "webhooks",
        );
      }
      if (!ends.signal.aborted)
        await sleep(POLL_MS, undefined, { signal: pause.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ends.abort();
      deafen();
      wake();
      await running;
    },
  };
}

/** Makes deliveries of everything that was recorded since. */
async function fanOutAll(
  { db, clock, randomness, queue }: DeliveryContext,
  ends: AbortSignal,
): Promise<void> {
  const parts = {
    now: () => clock.now(),
    newDeliveryId: () => newId("msg", randomness),
    bodyOf: eventBody,
    schedule: scheduleBy(queue),
  };
  for (const { tenant, endpointId } of await endpointsBehind(db)) {
    let more = true;
    while (more && !ends.aborted) more = await fanOut(db, tenant, endpointId, parts);
  }
}
