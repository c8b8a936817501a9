import { pruneEvents } from "../../adapters/storage/events/pruneEvents.ts";
import { pruneIdempotencyKeys } from "../../adapters/storage/service/idempotencyKeys.ts";
import { listTenants } from "../../adapters/storage/service/listTenants.ts";
import { pruneDeliveries } from "../../adapters/storage/webhooks/deliveries.ts";
import { MILLISECONDS_PER_HOUR, SECONDS_PER_DAY } from "../../base/lib/time/units.ts";
import type { UnixSeconds } from "../../base/types/quantities.ts";
import { removeAbandoned } from "./removeAbandoned.ts";
import type { Context } from "../context.ts";

/** Stripe keeps idempotency keys for at least a day. */
const KEEP_IDEMPOTENCY_KEYS_SECONDS = 7 * SECONDS_PER_DAY;
/** Longer than any reader of events or receiver of webhooks should be away. */
const KEEP_EVENTS_SECONDS = 90 * SECONDS_PER_DAY;
const KEEP_DELIVERIES_SECONDS = 30 * SECONDS_PER_DAY;
const EVERY_MILLISECONDS = MILLISECONDS_PER_HOUR;

/**
 * Forgets what nobody needs any more, every hour: answers under idempotency keys, events, deliveries of
 * webhooks, uploads that nobody completes. Returns what stops it.
 */
export function pruneExpired(context: Pick<Context, "config" | "db" | "clock" | "log">): () => void {
  const timer = setInterval(() => {
    forgetOld(context).catch((error: unknown) =>
      context.log.warn({ err: error }, "old rows were not forgotten"),
    );
  }, EVERY_MILLISECONDS).unref();
  return () => clearInterval(timer);
}

async function forgetOld(context: Pick<Context, "config" | "db" | "clock">): Promise<void> {
  const { db, clock } = context;
  const before = (seconds: number): UnixSeconds => (clock.now() - seconds) as UnixSeconds;
  await pruneIdempotencyKeys(db, before(KEEP_IDEMPOTENCY_KEYS_SECONDS));
  await removeAbandoned(context);
  for (const tenant of await listTenants(db)) {
    await pruneEvents(db, tenant, before(KEEP_EVENTS_SECONDS));
    await pruneDeliveries(db, tenant, before(KEEP_DELIVERIES_SECONDS));
  }
}
