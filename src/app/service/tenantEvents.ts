import { followEvents } from "../../adapters/storage/events/followEvents.ts";
import { eventRange, readEvents, type StoredEvent } from "../../adapters/storage/events/readEvents.ts";
import { utcText } from "../../base/lib/time/calendar.ts";
import type { EventType } from "../../events/events.ts";
import type { Context } from "../context.ts";

/** An event for people and programs. */
export interface EventDescription {
  /** Decimal string. */
  readonly sequence: string;
  readonly type: EventType;
  /** ISO 8601, UTC. */
  readonly timestamp: string;
  readonly data: object;
}

type Tenant = Pick<Context, "db" | "tenant">;

/**
 * The tenant's events behind number `after`, at most `limit`, with the numbers of the oldest and newest that
 * are kept.
 */
export async function tenantEvents(
  { db, tenant }: Tenant,
  after: bigint,
  limit: number,
): Promise<{ events: EventDescription[]; first: string; last: string }> {
  const events = await readEvents(db, tenant, { after, limit });
  const { first, last } = await eventRange(db, tenant);
  return { events: events.map(describe), first: first.toString(), last: last.toString() };
}

/** The same as they happen, until the signal ends it. */
export async function* followTenantEvents(
  { db, tenant }: Tenant,
  after: bigint,
  signal: AbortSignal,
): AsyncGenerator<EventDescription> {
  for await (const event of followEvents(db, tenant, { after, signal })) yield describe(event);
}

function describe({ sequence, type, occurredAt, data }: StoredEvent): EventDescription {
  return { sequence: sequence.toString(), type, timestamp: utcText(occurredAt), data };
}
