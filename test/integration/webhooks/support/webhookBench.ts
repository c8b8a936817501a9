import { lookup } from "node:dns";
import { sealer } from "../../../../src/adapters/keys/sealing.ts";
import type { Database } from "../../../../src/adapters/storage/engine/database.ts";
import { recordEvent } from "../../../../src/adapters/storage/events/recordEvent.ts";
import { openQueue } from "../../../../src/adapters/storage/queue/openQueue.ts";
import type { Queue } from "../../../../src/adapters/storage/queue/queue.ts";
import { findAttempt, type DeliveryAttempt } from "../../../../src/adapters/storage/webhooks/deliveries.ts";
import { endpointsBehind, fanOut } from "../../../../src/adapters/storage/webhooks/fanOut.ts";
import { parseConfig } from "../../../../src/app/process/config.ts";
import { createLog } from "../../../../src/app/process/createLog.ts";
import { systemRandomness } from "../../../../src/app/process/system.ts";
import { deliverWebhook } from "../../../../src/app/webhooks/deliverWebhook.ts";
import { eventBody } from "../../../../src/app/webhooks/eventBody.ts";
import {
  newId,
  scheduleBy,
  WEBHOOK_JOBS,
  type DeliveryContext,
  type WebhookContext,
} from "../../../../src/app/webhooks/webhookContext.ts";
import { toHex } from "../../../../src/base/lib/bytes.ts";
import { batchId } from "../../../../src/base/lib/ids.ts";
import type { TenantId } from "../../../../src/base/types/ids.ts";
import type { UnixSeconds } from "../../../../src/base/types/quantities.ts";
import { hash } from "../../storage/support/samples.ts";

export type TestContext = DeliveryContext & WebhookContext & { advance(seconds: number): void };

/** A context whose clock stands still until it is advanced, and whose chance is always the least. */
export function webhookContext(
  db: Database,
  queue: Queue,
  tenant: TenantId,
  allow: readonly string[],
): TestContext {
  let now = Math.floor(Date.now() / 1000);
  return {
    db,
    queue,
    tenant,
    clock: { now: () => now as UnixSeconds },
    randomness: { bytes: (length) => (length === 1 ? new Uint8Array(1) : systemRandomness.bytes(length)) },
    config: parseConfig({ MICROTONNE_WEBHOOK_ALLOW: allow.join(",") }),
    sealer: sealer(new Uint8Array(32).fill(7), "webhooks", systemRandomness),
    log: createLog("silent"),
    lookup,
    advance: (seconds) => (now += seconds),
  };
}

export async function webhookQueue(
  db: Database,
  onError: (error: unknown) => void = () => undefined,
): Promise<Queue> {
  return openQueue(db, { kinds: [WEBHOOK_JOBS], onError, superviseSeconds: 1, heartbeatSeconds: 10 });
}

/** Records that a batch of this name was committed. */
export async function recordCommitted(db: Database, tenant: TenantId, name: string): Promise<void> {
  await recordEvent(db, tenant, { type: "batch.committed", data: { batchId: batchId(toHex(hash(name))) } });
}

/** Makes the deliveries of everything recorded, as `runWebhooks` does. */
export async function fanOutNow({ db, tenant, clock, randomness, queue }: TestContext): Promise<void> {
  const parts = {
    now: () => clock.now(),
    newDeliveryId: () => newId("msg", randomness),
    bodyOf: eventBody,
    schedule: scheduleBy(queue),
  };
  for (const behind of await endpointsBehind(db)) {
    if (behind.tenant === tenant) while (await fanOut(db, tenant, behind.endpointId, parts));
  }
}

/** Makes every attempt that is due by the context's clock, in order. Returns how many. */
export async function deliverDue(context: TestContext): Promise<number> {
  const rows = await context.db.query<{ endpoint_id: string; delivery_id: string; attempts: number }>(
    `SELECT endpoint_id, delivery_id, attempts FROM webhook_deliveries WHERE tenant = $1 AND state = 'pending'
     AND next_at <= $2 ORDER BY number`,
    [context.tenant, context.clock.now()],
  );
  for (const { endpoint_id: endpointId, delivery_id: deliveryId, attempts } of rows) {
    const attempt: DeliveryAttempt = { tenant: context.tenant, endpointId, deliveryId, attempts };
    if ((await findAttempt(context.db, attempt)) !== null) await deliverWebhook(context, attempt);
  }
  return rows.length;
}
